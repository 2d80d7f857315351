//! `SUMMARY.md`: the table of contents, read before mdBook reads it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook_summary::{Summary, SummaryItem, parse_summary};

use crate::problem::{Fault, Problem};

/// Reads the table of contents in `source`. A page that is not there is a problem, and its entry
/// stays without a link.
///
/// # Errors
/// The file is absent or is no table of contents.
pub(crate) fn read(source: &Path) -> Result<(Summary, Vec<Problem>)> {
    let text = fs::read_to_string(source.join("SUMMARY.md"))
        .context("book/src/SUMMARY.md cannot be read; it is the table of contents")?;
    let mut summary = parse_summary(&text)
        .context("book/src/SUMMARY.md is no table of contents: its lines are links in lists")?;
    let mut missing = Vec::new();
    for part in [
        &mut summary.prefix_chapters,
        &mut summary.numbered_chapters,
        &mut summary.suffix_chapters,
    ] {
        unlink_missing(part, source, &mut missing);
    }
    let problem = |page: PathBuf| {
        let page = page.to_string_lossy().into_owned();
        let link = format!("]({page})");
        let line = text.lines().position(|line| line.contains(&link));
        Fault::new(
            format!("there is no page book/src/{page}"),
            "write it, or take the entry away",
        )
        .at("book/src/SUMMARY.md", line.map(|index| index + 1))
    };
    Ok((summary, missing.into_iter().map(problem).collect()))
}

/// Takes the links away that lead to no file: such entries are shown without a page, as chapters to come are.
fn unlink_missing(items: &mut [SummaryItem], source: &Path, missing: &mut Vec<PathBuf>) {
    for item in items {
        let SummaryItem::Link(link) = item else {
            continue;
        };
        let absent = link.location.take_if(|page| !source.join(page).is_file());
        missing.extend(absent);
        unlink_missing(&mut link.nested_items, source, missing);
    }
}
