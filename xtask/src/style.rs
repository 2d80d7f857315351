//! How text looks: colour only on a terminal, lines no wider than it, states never by colour alone.

use std::env;
use std::io::IsTerminal;

use crate::states::State;
use crate::terminal;

/// What the output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colour codes are welcome.
    pub colour: bool,
    /// Columns of a line.
    pub width: usize,
}

/// Columns where there is no terminal to ask.
const PLAIN_WIDTH: usize = 100;

impl Style {
    /// For standard output as it is.
    pub fn of_stdout() -> Self {
        Self::of(std::io::stdout().is_terminal())
    }

    /// For a pipe or a file.
    pub fn plain() -> Self {
        Self {
            colour: false,
            width: PLAIN_WIDTH,
        }
    }

    fn of(terminal: bool) -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        let columns = terminal::width().unwrap_or(PLAIN_WIDTH);
        Self {
            colour: terminal && !set("NO_COLOR") && !dumb,
            width: if terminal {
                columns.clamp(40, 120)
            } else {
                PLAIN_WIDTH
            },
        }
    }

    /// The sign of a state.
    pub fn sign(self, state: State) -> String {
        let colour = match state {
            State::Ok => "32",
            State::Wrong | State::DoesNotCompile => "31",
            State::NotRechecked | State::NotCheckedYet => "33",
            State::NotStarted | State::NotApplicable => "2",
        };
        self.paint(colour, &format!("{:<2}", state.sign()))
    }

    /// A heading.
    pub fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Something beside the point.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// `text` in lines that start with `indent` spaces, broken at spaces where they are too wide.
    pub fn wrapped(self, indent: usize, text: &str) -> String {
        self.labelled(indent, "", text)
    }

    /// As [`Style::wrapped`], with `label` before the first line, inside its indent.
    pub fn labelled(self, indent: usize, label: &str, text: &str) -> String {
        let room = self.width.saturating_sub(indent).max(20);
        let mut out = String::new();
        for line in text.lines() {
            for piece in broken(line, room) {
                let lead = if out.is_empty() { label } else { "" };
                out.push_str(format!("{lead:<indent$}{piece}").trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// A line in pieces of at most `room` columns; words that are wider stay whole, and lines that are
/// indented (code, JSON over several lines) keep their form.
fn broken(line: &str, room: usize) -> Vec<String> {
    if line.chars().count() <= room || line.starts_with(' ') {
        return vec![line.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in line.split(' ') {
        let wide = piece.chars().count() + 1 + word.chars().count();
        if !piece.is_empty() && wide > room {
            pieces.push(std::mem::take(&mut piece));
        } else if !piece.is_empty() {
            piece.push(' ');
        }
        piece.push_str(word);
    }
    pieces.push(piece);
    pieces
}

/// Text from a server or a file: nothing in it may move the cursor or change colours.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            '\n' | '\t' => sign,
            sign if sign.is_control() => char::REPLACEMENT_CHARACTER,
            sign => sign,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_at_spaces_below_their_label() {
        let style = Style {
            colour: false,
            width: 40,
        };
        assert_eq!(
            style.labelled(10, "  why", "one two three four five six seven eight"),
            "  why     one two three four five six\n          seven eight\n"
        );
    }

    #[test]
    fn a_server_cannot_reach_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb"), "a\u{fffd}[2Jb");
    }
}
