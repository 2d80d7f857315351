//! What a page loads before it is seen: as little as possible.
//!
//! A page of mdBook asks for a dozen style sheets and scripts one by one. Here the sheets become one file, and one
//! script, `book/theme/later.js`, stands for all others: it loads them when the page has been shown, and the highlighter
//! and the search, two thirds of all bytes, when they are wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::code::files_below;

/// Loads the rest.
const LATER: &str = include_str!("../../theme/later.js");
/// The one style sheet.
const SHEET: &str = "style";
/// mdBook's script with the list of chapters.
const CONTENTS: &str = "toc";
/// What the search is made of.
const SEARCH: [&str; 3] = ["elasticlunr", "mark", "searcher"];
/// Only pages with a quiz load this script, and have this in their text.
const QUIZ: (&str, &str) = ("quiz", "data-question=");

/// Rewrites every page of the rendered book in `folder`.
///
/// # Errors
/// A file cannot be read or written.
pub(crate) fn lighten(folder: &Path) -> Result<()> {
    let mut sheets = Sheets::new(folder);
    let later = named_by_content("later", "js", LATER);
    fs::write(folder.join(&later), LATER).context("a script of the book cannot be written")?;
    for name in files_below(folder) {
        if !name.ends_with(".html") {
            continue;
        }
        let path = folder.join(&name);
        let html = fs::read_to_string(&path).with_context(|| format!("{name} cannot be read"))?;
        // Pages that only lead to another one have no head of mdBook's.
        let Some((head, body)) = html.split_once("</head>") else {
            continue;
        };
        let head = with_one_sheet(head, &mut sheets)?;
        let body = with_patient_scripts(body, &later);
        fs::write(&path, format!("{head}</head>{body}"))
            .with_context(|| format!("{name} cannot be written"))?;
    }
    sheets.remove_parts()
}

/// Style sheets that were put together.
struct Sheets<'a> {
    folder: &'a Path,
    /// The name of the whole, by the names of its parts.
    wholes: BTreeMap<Vec<String>, String>,
}

impl<'a> Sheets<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            wholes: BTreeMap::new(),
        }
    }

    fn read(&self, part: &str) -> Result<String> {
        fs::read_to_string(self.folder.join(part))
            .with_context(|| format!("the style sheet {part} cannot be read"))
    }

    /// The name of the file that holds all of these, in their order.
    fn whole(&mut self, parts: Vec<String>) -> Result<String> {
        if let Some(name) = self.wholes.get(&parts) {
            return Ok(name.clone());
        }
        let mut text = String::new();
        for part in &parts {
            text.push_str(&self.read(part)?);
            text.push('\n');
        }
        let name = named_by_content(SHEET, "css", &text);
        fs::write(self.folder.join(&name), text)
            .with_context(|| format!("{name} cannot be written"))?;
        self.wholes.insert(parts, name.clone());
        Ok(name)
    }

    /// No page asks for the parts any more.
    fn remove_parts(self) -> Result<()> {
        let parts: BTreeSet<String> = self.wholes.into_keys().flatten().collect();
        for part in parts {
            fs::remove_file(self.folder.join(&part))
                .with_context(|| format!("{part} cannot be removed"))?;
        }
        Ok(())
    }
}

/// Whether a sheet loads something by a path, which would lead elsewhere from another folder.
fn loads_by_path(sheet: &str) -> bool {
    let mut addresses = sheet
        .split("url(")
        .skip(1)
        .map(|rest| rest.trim_start_matches(['"', '\'']));
    sheet.contains("@import") || addresses.any(|address| !address.starts_with("data:"))
}

/// The head of a page with one style sheet in place of all that are for the screen. One that loads something by its
/// path stays as it is.
fn with_one_sheet(head: &str, sheets: &mut Sheets<'_>) -> Result<String> {
    let mut text = String::new();
    let mut rest = head;
    let (mut parts, mut place, mut root) = (Vec::new(), 0, "");
    while let Some((before, tag, after)) = next_tag(rest, "<link ", ">") {
        text.push_str(before);
        rest = after;
        let is_sheet = attribute(tag, "rel") == Some("stylesheet");
        match attribute(tag, "href") {
            Some(address) if is_sheet && attribute(tag, "media").is_none() => {
                let (up, path) = split_root(address);
                if loads_by_path(&sheets.read(path)?) {
                    text.push_str(tag);
                    continue;
                }
                if parts.is_empty() {
                    (place, root) = (text.len(), up);
                }
                parts.push(path.to_owned());
                // mdBook's script turns some of them on and off by their ids.
                if let Some(id) = attribute(tag, "id") {
                    text.push_str(&format!("<style id=\"{id}\"></style>"));
                }
            }
            _ => text.push_str(tag),
        }
    }
    text.push_str(rest);
    if !parts.is_empty() {
        let whole = sheets.whole(parts)?;
        text.insert_str(
            place,
            &format!("<link rel=\"stylesheet\" href=\"{root}{whole}\">"),
        );
    }
    Ok(text)
}

/// The body of a page with one script in place of all, which loads the others in their order.
fn with_patient_scripts(body: &str, later: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    let (mut place, mut root) = (None, "");
    let (mut scripts, mut search, mut highlight) = (Vec::new(), Vec::new(), "");
    while let Some((before, tag, after)) = next_tag(rest, "<script src=\"", "</script>") {
        text.push_str(before);
        rest = after;
        let address = attribute(tag, "src").unwrap_or_default();
        let (up, path) = split_root(address);
        if place.is_none() {
            (place, root) = (Some(text.len()), up);
        }
        match stem(path) {
            "highlight" => highlight = address,
            name if SEARCH.contains(&name) => search.push(address),
            name if name == QUIZ.0 && !body.contains(QUIZ.1) => {}
            _ => scripts.push(address),
        }
    }
    text.push_str(rest);
    if let Some(place) = place {
        let (scripts, search) = (scripts.join(" "), search.join(" "));
        text.insert_str(
            place,
            &format!(
                "<script src=\"{root}{later}\" defer data-scripts=\"{scripts}\" data-highlight=\"{highlight}\" \
                 data-search=\"{search}\"></script>"
            ),
        );
    }
    text
}

/// A page that loads nothing before it is shown: with the text of its style sheet and of its list of chapters in it.
/// A server on this machine has no reason to save bytes, and each file that a page waits for costs it milliseconds.
pub(crate) fn with_everything(html: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let Some((head, body)) = html.split_once("</head>") else {
        return html.to_owned();
    };
    let sheet = Held {
        file: SHEET,
        start: "<link rel=\"stylesheet\" ",
        end: ">",
        address: "href",
        element: "style",
    };
    let contents = Held {
        file: CONTENTS,
        start: "<script ",
        end: "</script>",
        address: "src",
        element: "script",
    };
    let head = contents.put_into(&sheet.put_into(head, &read), &read);
    format!("{head}</head>{body}")
}

/// A file whose content a page can hold in place of the element that names it.
struct Held {
    /// Its name begins so.
    file: &'static str,
    /// How the element begins and ends, and where it has the address.
    start: &'static str,
    end: &'static str,
    address: &'static str,
    /// What holds the content.
    element: &'static str,
}

impl Held {
    fn put_into(&self, head: &str, read: impl Fn(&str) -> Option<String>) -> String {
        let element = self.element;
        let mut text = String::new();
        let mut rest = head;
        while let Some((before, tag, after)) = next_tag(rest, self.start, self.end) {
            text.push_str(before);
            rest = after;
            let path = attribute(tag, self.address).map(|address| split_root(address).1);
            let inside = path.filter(|path| stem(path) == self.file).and_then(&read);
            match inside.filter(|inside| !inside.contains(&format!("</{element}"))) {
                Some(inside) => text.push_str(&format!("<{element}>{inside}</{element}>")),
                None => text.push_str(tag),
            }
        }
        text.push_str(rest);
        text
    }
}

/// What stands before the next element that begins and ends like this, the element, and the rest.
fn next_tag<'a>(html: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let from = html.find(start)?;
    let to = from + html[from..].find(end)? + end.len();
    Some((&html[..from], &html[from..to], &html[to..]))
}

/// The value of an attribute, as mdBook writes them.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// The way up to the folder of the book, and the path from there.
fn split_root(address: &str) -> (&str, &str) {
    let path = address.trim_start_matches("../");
    address.split_at(address.len() - path.len())
}

/// `searcher` of `js/searcher-c2a407aa.js`.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.']).next().unwrap_or_default()
}

/// A name with a hash of the content in it, as mdBook makes them: a browser can keep the file.
fn named_by_content(stem: &str, extension: &str, text: &str) -> String {
    let hash: String = Sha256::digest(text)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{stem}-{hash}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_script_stands_for_all_and_knows_the_others() {
        let body = "<main></main><script>inline()</script><script src=\"../elasticlunr-1.min.js\"></script>\
                    <script src=\"../mark-2.js\"></script><script src=\"../searcher-3.js\"></script>\
                    <script src=\"../highlight-4.js\"></script><script src=\"../book-5.js\"></script>\
                    <script src=\"../theme/frame-6.js\"></script><script src=\"../theme/quiz-7.js\"></script>";
        assert_eq!(
            with_patient_scripts(body, "later-8.js"),
            "<main></main><script>inline()</script><script src=\"../later-8.js\" defer \
             data-scripts=\"../book-5.js ../theme/frame-6.js\" data-highlight=\"../highlight-4.js\" \
             data-search=\"../elasticlunr-1.min.js ../mark-2.js ../searcher-3.js\"></script>"
        );
    }

    #[test]
    fn a_quiz_has_its_script() {
        let body = "<li data-question=\"1\"></li><script src=\"quiz-6.js\"></script>";
        assert!(with_patient_scripts(body, "later-7.js").contains("data-scripts=\"quiz-6.js\""));
    }

    #[test]
    fn a_page_holds_what_it_would_wait_for() {
        let html = "<head><link rel=\"icon\" href=\"i.svg\"><link rel=\"stylesheet\" href=\"../style-1.css\">\
                    <script>let a;</script><script src=\"../toc-2.js\"></script></head><script src=\"l.js\"></script>";
        let read = |path: &str| match path {
            "style-1.css" => Some("a{}".to_owned()),
            "toc-2.js" => Some("b()".to_owned()),
            _ => None,
        };
        assert_eq!(
            with_everything(html, read),
            "<head><link rel=\"icon\" href=\"i.svg\"><style>a{}</style><script>let a;</script><script>b()</script>\
             </head><script src=\"l.js\"></script>"
        );
        let unfit = |_: &str| Some("</script></style>".to_owned());
        assert_eq!(with_everything(html, unfit), html);
    }

    #[test]
    fn a_sheet_that_would_lose_what_it_loads_is_found() {
        assert!(!loads_by_path("a { b: url('data:image/png,x') }"));
        assert!(loads_by_path("a { b: url(\"c.png\") }"));
        assert!(loads_by_path("@import 'c.css';"));
    }
}
