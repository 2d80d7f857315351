//! Changing a learner's file and nothing else in it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::regions::{Learner, LearnerRegion};

/// Puts `lines` between the markers of a region. All other lines stay byte for byte, line ends included.
pub fn with_region(text: &str, region: &LearnerRegion, lines: &[String]) -> String {
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        if number > region.begin && number < region.end {
            continue;
        }
        new.push_str(line);
        if number == region.begin {
            for line in lines {
                new.push_str(line);
                new.push_str(end_of_line);
            }
        }
    }
    new
}

/// A fresh text of a file, with the learner's lines in those regions that both texts have.
///
/// `keep` chooses among them by region id: what is reset stays fresh.
pub fn carry_over(fresh: &str, own: &Learner, keep: impl Fn(&str) -> bool) -> String {
    let mut text = fresh.to_owned();
    for region in own.regions.iter().filter(|region| keep(&region.id)) {
        if let Some(place) = Learner::parse(&text).region(&region.id) {
            text = with_region(&text, place, &region.body);
        }
    }
    text
}

/// The text without those lines that are, white space aside, one of the `markers`.
pub fn without_markers(text: &str, markers: &[String]) -> String {
    text.split_inclusive('\n')
        .filter(|line| markers.iter().all(|marker| line.trim() != marker.trim()))
        .collect()
}

/// Writes a file in one step: whoever reads it finds the old text or the new one, never half of it.
///
/// # Errors
/// Names the file that cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The half-written file beside is of no use to anyone; that the write failed is the news.
        let _ = fs::remove_file(&beside);
    }
    written.with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "\
fn a() {
    // Exercise 1.1 begins. Hint: cargo xtask hint 1.1
    mine();
    twice();
    // Exercise 1.1 ends.
}
// Exercise 1.2 begins. Hint: cargo xtask hint 1.2
// Exercise 1.2 ends.
";

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn only_the_region_changes() {
        let own = Learner::parse(OWN);
        let region = own.region("1.1").expect("it is there");
        let new = with_region(OWN, region, &lines("    given();"));
        assert_eq!(
            new,
            OWN.replace("    mine();\n    twice();", "    given();")
        );
        let empty = own.region("1.2").expect("it is there");
        assert_eq!(
            with_region(OWN, empty, &lines("x")),
            OWN.replace("hint 1.2\n", "hint 1.2\nx\n")
        );
    }

    #[test]
    fn line_ends_of_windows_stay() {
        let text = OWN.replace('\n', "\r\n");
        let own = Learner::parse(&text);
        let region = own.region("1.1").expect("it is there");
        let new = with_region(&text, region, &lines("    given();"));
        assert_eq!(
            new,
            OWN.replace("    mine();\n    twice();", "    given();")
                .replace('\n', "\r\n")
        );
    }

    #[test]
    fn a_fresh_file_takes_the_lines_of_other_regions() {
        let fresh = OWN
            .replace("    mine();\n    twice();\n", "")
            .replace("fn a", "fn b");
        assert_eq!(
            carry_over(&fresh, &Learner::parse(OWN), |id| id == "1.1"),
            OWN.replace("fn a", "fn b")
        );
        assert_eq!(
            carry_over(&fresh, &Learner::parse(OWN), |id| id == "1.2"),
            fresh
        );
    }
}
