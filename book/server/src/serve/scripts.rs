//! The scripts of the live parts. Only pages of this server load them; a book on a disk has no trace of them.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The one that pages load; it loads the others.
pub(crate) const FIRST: &str = "/live/main.js";

/// By name below `/live/`.
const SCRIPTS: &[(&str, &str)] = &[
    ("api.js", include_str!("js/api.js")),
    ("book.js", include_str!("js/book.js")),
    ("card.js", include_str!("js/card.js")),
    ("cards.js", include_str!("js/cards.js")),
    ("difference.js", include_str!("js/difference.js")),
    ("console-dom.js", include_str!("js/console-dom.js")),
    ("console-form.js", include_str!("js/console-form.js")),
    ("console-item.js", include_str!("js/console-item.js")),
    ("console-result.js", include_str!("js/console-result.js")),
    ("console-schema.js", include_str!("js/console-schema.js")),
    ("console-session.js", include_str!("js/console-session.js")),
    ("console-wire.js", include_str!("js/console-wire.js")),
    ("console.js", include_str!("js/console.js")),
    ("dom.js", include_str!("js/dom.js")),
    ("main.js", include_str!("js/main.js")),
    ("news.js", include_str!("js/news.js")),
    ("progress.js", include_str!("js/progress.js")),
    ("sidebar.js", include_str!("js/sidebar.js")),
    ("verdict.js", include_str!("js/verdict.js")),
];

/// Answers a request for a script.
pub(crate) async fn script(Path(name): Path<String>) -> Response {
    match SCRIPTS.iter().find(|(own, _)| *own == name) {
        Some((_, text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, *text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of what either page loads and the other does not, `main.js` decides.
    #[test]
    fn no_page_loads_more_than_60_kilobytes() {
        const CARDS: &[&str] = &[
            "card.js",
            "cards.js",
            "difference.js",
            "progress.js",
            "verdict.js",
        ];
        let theme = [
            include_str!("../../../theme/frame.js"),
            include_str!("../../../theme/quiz.js"),
        ];
        let all = |loads: fn(&str) -> bool| -> usize {
            let live = SCRIPTS.iter().filter(|(name, _)| loads(name));
            live.map(|(_, text)| *text).chain(theme).map(str::len).sum()
        };
        let pages = [
            ("exercises", all(|name| !name.starts_with("console"))),
            ("a console", all(|name| !CARDS.contains(&name))),
        ];
        for (page, bytes) in pages {
            assert!(bytes <= 60_000, "a page of {page} loads {bytes} bytes");
        }
    }

    #[test]
    fn every_script_that_is_imported_is_served() {
        for (name, text) in SCRIPTS {
            for import in text.split("\"./").skip(1) {
                let (wanted, _) = import.split_once('"').expect("a name ends");
                assert!(
                    // The folder itself is an address, no import.
                    wanted.is_empty() || SCRIPTS.iter().any(|(own, _)| *own == wanted),
                    "{name} imports {wanted}"
                );
            }
        }
    }
}
