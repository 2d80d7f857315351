//! Two texts beside each other, line by line.

use similar::{ChangeTag, TextDiff};

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
    let diff = TextDiff::from_slices(&first, &second);
    let mut lines = Vec::new();
    for (position, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if position > 0 {
            lines.push(Line {
                side: Side::Gap,
                text: String::new(),
            });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(Line {
                side: match change.tag() {
                    ChangeTag::Equal => Side::Both,
                    ChangeTag::Delete => Side::First,
                    ChangeTag::Insert => Side::Second,
                },
                text: change.value().to_owned(),
            });
        }
    }
    lines
}

impl Line {
    /// The line with its sign in front: `-` first text, `+` second, `…` for what is left out.
    pub fn plain(&self) -> String {
        let sign = match self.side {
            Side::Both => ' ',
            Side::First => '-',
            Side::Second => '+',
            Side::Gap => '…',
        };
        format!("{sign} {}", self.text).trim_end().to_owned()
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
}
