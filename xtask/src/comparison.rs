//! Two texts beside each other, line by line.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use crate::style::{Style, harmless};

/// What a line of a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both texts.
    Both,
    /// Only in the first.
    First,
    /// Only in the second.
    Second,
    /// Lines that are the same in both are left out here.
    Gap,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which of the texts has it.
    pub side: Side,
    /// The line without its end.
    pub text: String,
}

/// How many equal lines are shown around a difference.
const AROUND: usize = 3;

/// Compares two texts; empty if they are the same, line ends and white space at them aside.
pub fn compare<'a>(
    first: impl IntoIterator<Item = &'a str>,
    second: impl IntoIterator<Item = &'a str>,
) -> Vec<Line> {
    let first: Vec<&str> = first.into_iter().map(str::trim_end).collect();
    let second: Vec<&str> = second.into_iter().map(str::trim_end).collect();
    let mut lines = Vec::new();
    for (position, hunk) in hunks(&first, &second, AROUND).iter().enumerate() {
        if position > 0 {
            lines.push(Line {
                side: Side::Gap,
                text: String::new(),
            });
        }
        lines.extend(without_blank_ends(lines_of(hunk, &first, &second)));
    }
    lines
}

/// A hunk without the empty lines at its ends that say nothing about where it is.
fn without_blank_ends(mut lines: Vec<Line>) -> Vec<Line> {
    let says_something = |line: &Line| line.side != Side::Both || !line.text.is_empty();
    let end = lines
        .iter()
        .rposition(says_something)
        .map_or(0, |last| last + 1);
    lines.truncate(end);
    let begin = lines.iter().position(says_something).unwrap_or(end);
    lines.split_off(begin)
}

/// The difference of two texts as `diff -u` writes it, with `around` equal lines at each change; empty if
/// there is none.
pub fn unified(first: &str, second: &str, around: usize) -> String {
    let (first, second): (Vec<&str>, Vec<&str>) = (
        first.split_inclusive('\n').collect(),
        second.split_inclusive('\n').collect(),
    );
    let mut text = String::new();
    for hunk in hunks(&first, &second, around) {
        if text.is_empty() {
            text.push_str("--- kept\n+++ now\n");
        }
        let (from, to) = (
            span(&hunk, DiffOp::old_range),
            span(&hunk, DiffOp::new_range),
        );
        text.push_str(&format!("@@ -{from} +{to} @@\n"));
        for line in lines_of(&hunk, &first, &second) {
            text.push_str(&format!("{}{}", line.side.sign(), line.text));
            if !line.text.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

/// The changes between two texts, each with at most `around` equal lines before and after it.
fn hunks(first: &[&str], second: &[&str], around: usize) -> Vec<Vec<DiffOp>> {
    group_diff_ops(capture_diff_slices(Algorithm::Myers, first, second), around)
}

/// The lines of one change, those that go before those that come.
fn lines_of(hunk: &[DiffOp], first: &[&str], second: &[&str]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut push = |side, texts: &[&str]| {
        lines.extend(texts.iter().map(|&text| Line {
            side,
            text: text.to_owned(),
        }));
    };
    for op in hunk {
        if op.tag() == DiffTag::Equal {
            push(Side::Both, &first[op.old_range()]);
        } else {
            push(Side::First, &first[op.old_range()]);
            push(Side::Second, &second[op.new_range()]);
        }
    }
    lines
}

/// Where a hunk lies in one of the texts, as `diff -u` counts: the first line and how many.
fn span(hunk: &[DiffOp], range: fn(&DiffOp) -> Range<usize>) -> String {
    let begin = hunk.first().map_or(0, |op| range(op).start);
    let end = hunk.last().map_or(0, |op| range(op).end);
    match end - begin {
        // An empty piece lies behind the line before it.
        0 => format!("{begin},0"),
        1 => format!("{}", begin + 1),
        lines => format!("{},{lines}", begin + 1),
    }
}

impl Side {
    fn sign(self) -> char {
        match self {
            Self::Both => ' ',
            Self::First => '-',
            Self::Second => '+',
            Self::Gap => '…',
        }
    }
}

impl Line {
    /// The line with its sign in front: `-` first text, `+` second, `…` for what is left out.
    pub fn plain(&self) -> String {
        format!("{} {}", self.side.sign(), self.text)
            .trim_end()
            .to_owned()
    }

    /// [`Line::plain`], in colour where the output shows it. What it says, the sign says too.
    pub fn shown(&self, style: Style) -> String {
        let text = harmless(&self.plain());
        match self.side {
            Side::First if style.colour => format!("\x1b[31m{text}\x1b[0m"),
            Side::Second if style.colour => format!("\x1b[32m{text}\x1b[0m"),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(first: &str, second: &str) -> Vec<String> {
        compare(first.lines(), second.lines())
            .iter()
            .map(Line::plain)
            .collect()
    }

    #[test]
    fn equal_texts_have_no_lines() {
        assert!(plain("a\nb  ", "a\nb").is_empty());
    }

    #[test]
    fn signs_say_whose_line_it_is() {
        assert_eq!(
            plain("a\nmine", "a\nreference"),
            ["  a", "- mine", "+ reference"]
        );
        assert_eq!(plain("", "only"), ["+ only"]);
    }

    #[test]
    fn empty_lines_around_a_difference_are_left_out() {
        assert_eq!(
            plain("\na\n\nmine\n\n", "\na\n\nreference\n\n"),
            ["  a", "", "- mine", "+ reference"]
        );
        assert_eq!(plain("a\n\n", "a\n"), ["  a", "-"]);
    }

    #[test]
    fn a_unified_difference_is_what_diff_u_writes() {
        let text = "a\nb\nc\nd\ne\nf\n";
        assert_eq!(unified(text, text, 1), "");
        assert_eq!(
            unified(text, "a\nB\nc\nd\ne\nf", 1),
            "--- kept\n+++ now\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\
             @@ -5,2 +5,2 @@\n e\n-f\n+f\n\\ No newline at end of file\n"
        );
        assert_eq!(
            unified("", "new\n", 2),
            "--- kept\n+++ now\n@@ -0,0 +1 @@\n+new\n"
        );
    }
}
