//! Follows every link of the rendered book. Links to other sites are not fetched, but must be well formed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::code::files_below;
use crate::page::{self, Page};
use crate::problem::{Fault, Problem};

/// What is wrong with the links of the book in `folder`, whose pages were made from `source`.
pub(crate) fn problems(folder: &Path, source: &Path) -> Vec<Problem> {
    let files = files_below(folder);
    let pages: BTreeMap<&str, Page> = files
        .iter()
        .filter(|file| file.ends_with(".html"))
        .map(|file| {
            (
                file.as_str(),
                page::read(&fs::read_to_string(folder.join(file)).unwrap_or_default()),
            )
        })
        .collect();
    let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let mut problems = Vec::new();
    for (name, page) in &pages {
        // The first page is written twice: index.html is a copy of it, the same problems are not said twice.
        let markdown = name.strip_suffix(".html").map(|stem| format!("{stem}.md"));
        let Some(text) = markdown.and_then(|file| fs::read_to_string(source.join(file)).ok())
        else {
            problems.extend(frame_problems(name, page, &files, &pages));
            continue;
        };
        let place = |fault: Fault, needle: &str| {
            let file = format!("book/src/{}.md", name.trim_end_matches(".html"));
            fault.at(file, line_of(&text, needle))
        };
        for reference in &page.references {
            if let Some(fault) = fault_of(reference, name, page, &files, &pages) {
                problems.push(place(fault, reference));
            }
        }
        for id in twice(&page.ids) {
            let fault = Fault::new(
                format!("the id `{id}` is on the page twice"),
                "give one of the two headings or elements another name",
            );
            problems.push(place(fault, &id));
        }
    }
    problems
}

/// Pages that mdBook makes by itself (table of contents, 404): theirs are the same links, said of that file.
fn frame_problems(
    name: &str,
    page: &Page,
    files: &BTreeSet<&str>,
    pages: &BTreeMap<&str, Page>,
) -> Vec<Problem> {
    if name == "index.html" {
        return Vec::new();
    }
    page.references
        .iter()
        .filter_map(|reference| fault_of(reference, name, page, files, pages))
        .map(|fault| fault.at(name, None))
        .collect()
}

fn fault_of(
    reference: &str,
    from: &str,
    page: &Page,
    files: &BTreeSet<&str>,
    pages: &BTreeMap<&str, Page>,
) -> Option<Fault> {
    let nowhere = |why: &str| {
        Fault::new(
            format!("the link `{reference}` leads nowhere: {why}"),
            "correct it; links between pages name the other page's .md file",
        )
    };
    if let Some((scheme, rest)) = scheme_of(reference) {
        return outside(reference, scheme, rest);
    }
    let (path, anchor) = reference.split_once('#').unwrap_or((reference, ""));
    let path = path.split('?').next().unwrap_or_default();
    let target = if path.is_empty() {
        from.to_owned()
    } else {
        let start = match &page.base {
            Some(_) => "",
            None => from.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        match join(start, &decoded(path)) {
            Some(target) => target,
            None => return Some(nowhere("it leaves the book")),
        }
    };
    if !files.contains(target.as_str()) {
        return Some(nowhere(&format!("there is no {target}")));
    }
    if anchor.is_empty() || !target.ends_with(".html") {
        return None;
    }
    let anchor = decoded(anchor);
    let known = pages
        .get(target.as_str())
        .is_some_and(|other| other.ids.contains(&anchor));
    (!known).then(|| nowhere(&format!("{target} has no heading or element `{anchor}`")))
}

/// A link to another site: `https`, with a host; loopback addresses may be plain `http`.
fn outside(reference: &str, scheme: &str, rest: &str) -> Option<Fault> {
    let host = rest
        .trim_start_matches('/')
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    let loopback = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host == *name || host.starts_with(&format!("{name}:")));
    let well_formed = rest.starts_with("//")
        && !host.is_empty()
        && !reference.contains(char::is_whitespace)
        && (loopback || host.contains('.'));
    match scheme {
        "https" if well_formed => None,
        "http" if well_formed && loopback => None,
        "mailto" if rest.contains('@') => None,
        "http" | "https" => Some(Fault::new(
            format!("the link `{reference}` is not right"),
            "links to other sites are https://host/path",
        )),
        _ => Some(Fault::new(
            format!("the link `{reference}` has the scheme {scheme}:"),
            "use https:, mailto: or a page of the book",
        )),
    }
}

fn scheme_of(reference: &str) -> Option<(&str, &str)> {
    if let Some(rest) = reference.strip_prefix("//") {
        // Protocol-relative: the scheme of the page, which may be plain http.
        return Some(("http", rest));
    }
    let (scheme, rest) = reference.split_once(':')?;
    let is_scheme = !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some((scheme, rest))
}

/// The path from the root of the book that `path` means in `folder`; `None` if it leaves the book.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let mut joined = parts.join("/");
    if path.ends_with('/') {
        joined.push_str("/index.html");
    }
    Some(joined.trim_start_matches('/').to_owned())
}

/// A path with its `%20` and the like resolved.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hexadecimal = (first == b'%').then(|| after.get(..2)).flatten();
        let value = hexadecimal
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first line of a page's Markdown that has the link in it.
fn line_of(text: &str, link: &str) -> Option<usize> {
    let as_written = link.replace(".html", ".md");
    text.lines()
        .position(|line| line.contains(link) || line.contains(&as_written))
        .map(|index| index + 1)
}

fn twice(ids: &[String]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    ids.iter().filter(|id| !seen.insert(*id)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_are_joined_and_must_stay_inside() {
        assert_eq!(
            join("ch01", "../ch02/tools.html").as_deref(),
            Some("ch02/tools.html")
        );
        assert_eq!(join("ch01", "/index.html").as_deref(), Some("index.html"));
        assert_eq!(join("ch01", "../../secret"), None);
    }

    #[test]
    fn other_sites_are_https_and_have_a_host() {
        let fault = |link: &str| {
            let (scheme, rest) = scheme_of(link).expect("it has a scheme");
            outside(link, scheme, rest).map(|fault| fault.what)
        };
        assert_eq!(fault("https://modelcontextprotocol.io/specification"), None);
        assert_eq!(fault("http://127.0.0.1:8080/mcp"), None);
        assert!(fault("http://example.org").is_some());
        assert!(fault("https:///path").is_some());
        assert!(fault("javascript:alert(1)").is_some());
        assert!(fault("//example.org/a").is_some());
    }
}
