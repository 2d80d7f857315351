//! The message of every wrong answer that a check caught, kept beside the edits.
//!
//! `tests/near-misses/chNN.caught.txt` is read in review: what would a learner have read?

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use similar::TextDiff;
use verdict::Failure;

use crate::manifest::Chapter;
use crate::paths::Workbook;
use crate::rewrite::write_whole;

/// Messages in the order in which they were caught.
#[derive(Debug, Default)]
pub struct Caught {
    text: String,
}

impl Caught {
    /// Where the messages of a chapter are kept.
    pub fn path(root: &Path, chapter: &Chapter) -> PathBuf {
        root.join("tests/near-misses")
            .join(format!("{}.caught.txt", chapter.id))
    }

    /// Adds one message.
    pub fn add(&mut self, workbook: &Workbook, about: &str, failure: &Failure) {
        let era = failure
            .era
            .map_or(String::new(), |era| format!(" ({})", era.name()));
        let lines = [
            ("sent", failure.sent.as_deref().unwrap_or_default()),
            ("expected", &failure.expected),
            ("got", &failure.got),
        ];
        let mut text = format!("{about}\n  {}{era}\n", failure.what);
        for (label, words) in lines.into_iter().filter(|(_, words)| !words.is_empty()) {
            // A String takes everything.
            let _ = writeln!(
                text,
                "    {label:<9} {}",
                words.replace('\n', "\n              ")
            );
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&steady(workbook, &text));
    }

    /// How this differs from what is kept; none if it does not.
    pub fn difference(&self, workbook: &Workbook, chapter: &Chapter) -> Option<String> {
        let kept = fs::read_to_string(Self::path(&workbook.root, chapter)).unwrap_or_default();
        (kept != self.text).then(|| {
            TextDiff::from_lines(&kept, &self.text)
                .unified_diff()
                .context_radius(2)
                .header("kept", "now")
                .to_string()
        })
    }

    /// Keeps this from now on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, workbook: &Workbook, chapter: &Chapter) -> Result<()> {
        write_whole(&Self::path(&workbook.root, chapter), self.text.as_bytes())
    }
}

/// The text without what differs from run to run: folders, and numbers of processes and moments.
fn steady(workbook: &Workbook, text: &str) -> String {
    let target = workbook.build_target();
    let temporary = std::env::temp_dir();
    let mut text = text.replace(&target.display().to_string(), "[target]");
    text = text.replace(&workbook.root.display().to_string(), "[workbook]");
    let temporary = temporary.display().to_string();
    let mut steady = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\n', '"', '`']) {
        match word.find(&temporary) {
            Some(at) => {
                let end = word.trim_end_matches([' ', '\n', '"', '`']).len();
                steady.push_str(&word[..at]);
                steady.push_str("[temporary]");
                steady.push_str(&word[end..]);
            }
            None => steady.push_str(word),
        }
    }
    let mut previous = "";
    let words: Vec<&str> = steady.split_inclusive([' ', '\n']).collect();
    let mut text = String::with_capacity(steady.len());
    for word in words {
        let bare = word.trim_end_matches([' ', '\n', ',', '.', ')', '"']);
        let numbered = ["process", "pid", "open", "close"].contains(&previous);
        if numbered && !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) {
            text.push('#');
            text.push_str(&word[bare.len()..]);
        } else {
            text.push_str(word);
        }
        previous = bare;
    }
    text
}
