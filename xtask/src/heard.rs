//! What another program said, to be told if it fails: its first lines and its last. A flood must not fill the memory.

use std::collections::VecDeque;

/// So many lines are kept at each end.
const LINES: usize = 200;
/// And so many bytes of a line.
const LONGEST: usize = 4000;

/// Lines, as they come.
#[derive(Debug, Default)]
pub struct Heard {
    first: Vec<String>,
    last: VecDeque<String>,
    left_out: usize,
}

impl Heard {
    /// Hears one more line.
    pub fn push(&mut self, mut line: String) {
        if line.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| line.is_char_boundary(*end));
            line.truncate(end.unwrap_or_default());
            line.push('…');
        }
        if self.first.len() < LINES {
            self.first.push(line);
            return;
        }
        self.last.push_back(line);
        if self.last.len() > LINES {
            self.last.pop_front();
            self.left_out += 1;
        }
    }

    /// All that was kept, and how much was not.
    pub fn text(&self) -> String {
        let mut lines: Vec<&str> = self.first.iter().map(String::as_str).collect();
        let gap = format!("… {} lines left out …", self.left_out);
        if self.left_out > 0 {
            lines.push(&gap);
        }
        lines.extend(self.last.iter().map(String::as_str));
        lines.join("\n")
    }

    /// The last lines, oldest first.
    pub fn last(&self, count: usize) -> impl Iterator<Item = &str> {
        let all = self.first.iter().chain(&self.last);
        let skip = (self.first.len() + self.last.len()).saturating_sub(count);
        all.skip(skip).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_leaves_its_beginning_and_its_end() {
        let mut heard = Heard::default();
        for number in 0..100_000 {
            heard.push(number.to_string());
        }
        heard.push("ä".repeat(LONGEST));
        let text = heard.text();
        assert!(text.starts_with("0\n1\n"), "{text}");
        assert!(text.contains("\n… 99601 lines left out …\n"), "{text}");
        assert!(text.ends_with("ää…"), "{text}");
        assert!(text.len() < 10_000, "{} bytes", text.len());
        assert_eq!(heard.last(2).next(), Some("99999"));
    }

    #[test]
    fn a_few_lines_are_all_kept() {
        let mut heard = Heard::default();
        heard.push("one".to_owned());
        heard.push("two".to_owned());
        assert_eq!(heard.text(), "one\ntwo");
        assert_eq!(heard.last(20).collect::<Vec<_>>(), ["one", "two"]);
    }
}
