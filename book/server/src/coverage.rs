//! What exists but is shown nowhere: a card that was forgotten, a page outside the table of contents, a recording
//! that no page uses.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use xtask::manifest::Manifest;

use crate::code::files_below;
use crate::directives::Shown;
use crate::problem::{Fault, Problem};

/// Problems of the book as a whole. `pages` are the pages of SUMMARY.md, from book/src/.
pub(crate) fn problems(
    root: &Path,
    manifest: &Manifest,
    shown: &Shown,
    pages: &BTreeSet<String>,
) -> Vec<Problem> {
    let mut problems = exercises(root, manifest, shown);
    let files = files_below(&root.join("book/src"));
    let summary = fs::read_to_string(root.join("book/src/SUMMARY.md")).unwrap_or_default();
    for file in &files {
        if let Some(fault) = unused(file, &files, shown, pages, &summary) {
            problems.push(fault.at(format!("book/src/{file}"), None));
        }
    }
    problems
}

fn exercises(root: &Path, manifest: &Manifest, shown: &Shown) -> Vec<Problem> {
    let text = fs::read_to_string(root.join("book/workbook.toml")).unwrap_or_default();
    let line_of = |id: &str| {
        let entry = format!("id = \"{id}\"");
        text.lines()
            .position(|line| line.trim() == entry)
            .map(|index| index + 1)
    };
    manifest
        .exercises()
        .filter(|(_, exercise)| !shown.exercises.contains_key(&exercise.id))
        .map(|(chapter, exercise)| {
            let page = format!("book/src/{}/{}", chapter.name, exercise.page);
            Fault::new(
                format!("no page shows exercise {}", exercise.id),
                format!(
                    "write {{{{#exercise {}}}}} on a line of its own in {page}",
                    exercise.id
                ),
            )
            .at("book/workbook.toml", line_of(&exercise.id))
        })
        .collect()
}

/// Why a file of book/src/ has no place in the book, if it has none.
fn unused(
    file: &str,
    files: &[String],
    shown: &Shown,
    pages: &BTreeSet<String>,
    summary: &str,
) -> Option<Fault> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    if shown.files.contains(file) {
        return None;
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let has = |other: String| files.contains(&other);
    match extension {
        "md" if file == "SUMMARY.md" || pages.contains(file) => None,
        "md" if summary.contains(&format!("]({file})")) => Some(Fault::new(
            "the page is in SUMMARY.md, but below a heading outside of a list, where mdBook passes it over",
            "write the entry as a list item: `- [Title](page.md)`",
        )),
        "md" => Some(Fault::new(
            "the page is not in SUMMARY.md",
            "add it there, or delete it",
        )),
        "toml" | "jsonl" if folder.ends_with("/wire") => Some(match extension {
            "toml" if !has(format!("{folder}/{stem}.jsonl")) => {
                Fault::new("the script has no recording", "record it: cargo xtask wire")
            }
            "jsonl" if !has(format!("{folder}/{stem}.toml")) => Fault::new(
                "the recording has no script",
                format!("write {stem}.toml beside it, or delete it"),
            ),
            _ => Fault::new(
                "no page uses this recording",
                format!(
                    "show it with {{{{#exchange {} {stem}}}}}, or delete it",
                    folder.trim_end_matches("/wire")
                ),
            ),
        }),
        "txt" if folder == "console" => Some(Fault::new(
            "no page uses this output",
            format!("show it with {{{{#console {stem}}}}}, or delete it"),
        )),
        "svg" if folder.ends_with("diagrams") => Some(Fault::new(
            "no page uses this diagram",
            format!("show it with {{{{#diagram {stem} \"in words\"}}}}, or delete it"),
        )),
        "toml" if name == "quiz.toml" => Some(Fault::new(
            "no page uses this quiz",
            "show it with {{#quiz}}, or delete it",
        )),
        _ => None,
    }
}
