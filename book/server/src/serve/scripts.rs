//! The scripts of the live parts. Only pages of this server load them; a book on a disk has no trace of them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// The one that pages load; it loads the others.
const FIRST: &str = "main.js";
/// Scripts that `main.js` loads where a page has a place for them: what such a page has in its text.
const PARTS: &[(&str, &str)] = &[
    ("data-exercise=", "cards.js"),
    ("data-progress", "progress.js"),
    ("data-console=", "console.js"),
];
/// A hash of all scripts. It is part of their addresses, so a browser can keep them for good.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (name, text) in SCRIPTS {
        all.update(name);
        all.update(text);
    }
    let hash = all.finalize();
    hash.iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

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

/// The addresses of all scripts that a page runs, the first one first: a browser would find out one by one, each from
/// the one before, which it needs.
pub(crate) fn of_page(html: &str) -> String {
    let version = &*VERSION;
    let others = needed_by(html).into_iter().filter(|name| *name != FIRST);
    let addresses = std::iter::once(FIRST)
        .chain(others)
        .map(|name| format!("/live/{version}/{name}"));
    addresses.collect::<Vec<_>>().join(" ")
}

/// The names of all scripts that a page runs.
fn needed_by(html: &str) -> BTreeSet<&'static str> {
    let parts = PARTS.iter().filter(|(place, _)| html.contains(place));
    let mut waiting: Vec<&str> = parts.map(|(_, name)| *name).chain([FIRST]).collect();
    let mut needed = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let script = SCRIPTS.iter().find(|(own, _)| *own == name);
        if let Some((name, text)) = script
            && needed.insert(*name)
        {
            waiting.extend(imports(text));
        }
    }
    needed
}

/// What a script imports as soon as it is loaded.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    let lines = script.lines().filter(|line| line.starts_with("import "));
    lines.filter_map(|line| line.split_once("\"./")?.1.split('"').next())
}

/// Answers a request for a script.
pub(crate) async fn script(Path((version, name)): Path<(String, String)>) -> Response {
    let known = SCRIPTS.iter().find(|(own, _)| *own == name);
    match known.filter(|_| version == *VERSION) {
        Some((_, text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
                (header::CACHE_CONTROL, "max-age=31536000, immutable"),
            ];
            (headers, *text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our own scripts of a page with all of this on it, in bytes.
    fn bytes(html: &str) -> usize {
        let needed = needed_by(html);
        let live = SCRIPTS.iter().filter(|(name, _)| needed.contains(name));
        let theme = [
            Some(include_str!("../../../theme/frame.js")),
            Some(include_str!("../../../theme/later.js")),
            html.contains("data-question=")
                .then_some(include_str!("../../../theme/quiz.js")),
        ];
        let theme = theme.into_iter().flatten();
        live.map(|(_, text)| *text).chain(theme).map(str::len).sum()
    }

    #[test]
    fn no_page_loads_more_than_60_kilobytes() {
        for page in [
            "<section data-exercise=\"1.1\"></section><div data-progress></div>",
            "<div data-console=\"ch01\"></div>",
            "<section data-question=\"1\"></section>",
        ] {
            let bytes = bytes(page);
            assert!(bytes <= 60_000, "{page} loads {bytes} bytes");
        }
    }

    #[test]
    fn a_page_is_told_of_what_it_runs_and_of_nothing_else() {
        let plain = needed_by("<main></main>");
        assert!(
            plain.contains("dom.js") && !plain.contains("card.js"),
            "{plain:?}"
        );
        let console = needed_by("<div data-console=\"ch01\"></div>");
        assert!(
            console.contains("console-schema.js") && !console.contains("card.js"),
            "{console:?}"
        );
    }

    #[test]
    fn main_loads_the_parts_that_pages_are_told_of() {
        let (_, main) = SCRIPTS
            .iter()
            .find(|(name, _)| *name == FIRST)
            .expect("it is served");
        for (_, name) in PARTS {
            assert!(main.contains(&format!("\"./{name}\"")), "{name}");
        }
        assert_eq!(main.matches("await load(").count(), PARTS.len());
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
