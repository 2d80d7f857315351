//! Exercise regions: the marked places in a source file that a learner fills in.
//!
//! A solution marks each region as an mdBook anchor, with the starter beside it:
//!
//! ```text
//!     // STARTER 4.2: Err(not_yet("4.2"))
//!     // ANCHOR: ex-4-2
//!     let key = TaskUri::parse(&request.uri)?;
//!     // ANCHOR_END: ex-4-2
//! ```
//!
//! A chapter has the same lines outside the regions, and in place of the markers
//!
//! ```text
//!     // Exercise 4.2 begins. Hint: cargo xtask hint 4.2
//!     Err(not_yet("4.2"))
//!     // Exercise 4.2 ends.
//! ```
//!
//! Where no comment can stand, a whole file is the region: [`WholeFile`].
//!
//! The first form is read strictly ([`Solution`]): a slip there is an author's mistake.
//! The second is read forgivingly ([`Learner`]): a learner may have deleted a marker.

use std::collections::HashSet;

mod learner;
mod whole;

pub use learner::{Learner, LearnerRegion};
pub use whole::{ENDING, WholeFile};

/// One region of a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Such as `4.2`, `4.2-b` for a further region of the same exercise, or `4.2-file-1` for a whole file.
    pub id: String,
    /// The exercise that owns it, such as `4.2`.
    pub exercise: String,
    /// What stands before the markers on their lines.
    indent: String,
    /// `//` or `#`; nothing for a whole file.
    comment: &'static str,
    /// What the learner finds, already indented. Empty where nothing is given.
    pub starter: Vec<String>,
    /// The reference solution, as it stands in the file.
    pub body: Vec<String>,
    /// Line of the opening marker in the solution's file, counted from 1.
    pub line: usize,
}

/// Which of its two texts a region shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// What the learner finds.
    Starter,
    /// The reference solution.
    Solved,
}

/// A source file of a solution, cut at its regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Line(String),
    Region(Region),
}

/// A mistake in the markers of a solution.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct MarkerError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Solution {
    /// Cuts the text of a solution's file at its markers.
    ///
    /// # Errors
    /// Nested, unclosed, empty or duplicate regions, and starters that belong to no region.
    pub fn parse(text: &str) -> Result<Self, MarkerError> {
        Parser::default().run(text)
    }

    /// The regions in the order of the file.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Region(region) => Some(region),
            Piece::Line(_) => None,
        })
    }

    /// The text as a chapter has it: every region between the learner's markers, filled as `fill` says.
    pub fn chapter_text(&self, fill: impl Fn(&Region) -> Fill) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Line(line) => push_line(&mut text, line),
                Piece::Region(region) => {
                    push_line(&mut text, &region.begin_marker());
                    for line in region.lines(fill(region)) {
                        push_line(&mut text, line);
                    }
                    push_line(&mut text, &region.end_marker());
                }
            }
        }
        text
    }

    /// The text without any marker: what a crate of one's own starts from, and what the book prints.
    pub fn plain_text(&self, fill: impl Fn(&Region) -> Fill) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Line(line) => push_line(&mut text, line),
                Piece::Region(region) => {
                    for line in region.lines(fill(region)) {
                        push_line(&mut text, line);
                    }
                }
            }
        }
        text
    }
}

impl Region {
    /// The lines that `fill` asks for.
    pub fn lines(&self, fill: Fill) -> &[String] {
        match fill {
            Fill::Starter => &self.starter,
            Fill::Solved => &self.body,
        }
    }

    /// The line that opens the region in a chapter.
    pub fn begin_marker(&self) -> String {
        format!(
            "{}{} Exercise {} begins. Hint: cargo xtask hint {}",
            self.indent, self.comment, self.id, self.exercise
        )
    }

    /// The line that closes the region in a chapter.
    pub fn end_marker(&self) -> String {
        format!("{}{} Exercise {} ends.", self.indent, self.comment, self.id)
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// State while the lines of a solution are read.
#[derive(Default)]
struct Parser {
    pieces: Vec<Piece>,
    /// `STARTER` lines that wait for their region: id, indent, text, line number.
    starters: Vec<(String, String, String, usize)>,
    open: Option<Region>,
    seen: HashSet<String>,
}

impl Parser {
    fn run(mut self, text: &str) -> Result<Solution, MarkerError> {
        let mut last = 0;
        for (index, line) in text.lines().enumerate() {
            last = index + 1;
            self.line(last, line)?;
        }
        if let Some(region) = &self.open {
            return Err(wrong(
                region.line,
                format!("region {} is never closed", region.id),
            ));
        }
        self.no_starter_waits(last)?;
        Ok(Solution {
            pieces: self.pieces,
        })
    }

    fn line(&mut self, number: usize, line: &str) -> Result<(), MarkerError> {
        let Some((indent, comment, words)) = comment_of(line) else {
            return self.ordinary(number, line);
        };
        if let Some(rest) = words.strip_prefix("STARTER ") {
            self.starter(number, indent, rest)
        } else if let Some(anchor) = words.strip_prefix("ANCHOR: ") {
            self.begin(number, indent, comment, anchor.trim())
        } else if let Some(anchor) = words.strip_prefix("ANCHOR_END: ") {
            self.end(number, anchor.trim())
        } else if words.starts_with("ANCHOR") || words.starts_with("STARTER") {
            Err(wrong(
                number,
                "a marker is `ANCHOR: ex-4-2`, `ANCHOR_END: ex-4-2` or `STARTER 4.2: text`",
            ))
        } else {
            self.ordinary(number, line)
        }
    }

    fn ordinary(&mut self, number: usize, line: &str) -> Result<(), MarkerError> {
        match &mut self.open {
            Some(region) => region.body.push(line.to_owned()),
            None => {
                self.no_starter_waits(number)?;
                self.pieces.push(Piece::Line(line.to_owned()));
            }
        }
        Ok(())
    }

    fn starter(&mut self, number: usize, indent: &str, rest: &str) -> Result<(), MarkerError> {
        let Some((id, text)) = rest.split_once(':') else {
            return Err(wrong(number, "a starter line is `STARTER 4.2: text`"));
        };
        if self.open.is_some() {
            return Err(wrong(
                number,
                "STARTER lines stand before their ANCHOR, not inside a region",
            ));
        }
        let text = text.strip_prefix(' ').unwrap_or(text);
        self.starters
            .push((id.to_owned(), indent.to_owned(), text.to_owned(), number));
        Ok(())
    }

    fn begin(
        &mut self,
        number: usize,
        indent: &str,
        comment: &'static str,
        anchor: &str,
    ) -> Result<(), MarkerError> {
        let (id, exercise) = id_of_anchor(anchor).ok_or_else(|| {
            wrong(
                number,
                format!("`{anchor}` is no region; the form is ex-4-2, further ones ex-4-2-b"),
            )
        })?;
        if let Some(open) = &self.open {
            return Err(wrong(
                number,
                format!(
                    "region {id} begins inside region {}; regions do not nest",
                    open.id
                ),
            ));
        }
        if !self.seen.insert(id.clone()) {
            return Err(wrong(
                number,
                format!("region {id} is there twice; call this one {id}-b or so"),
            ));
        }
        let mut starter = Vec::new();
        for (of, at, text, line) in self.starters.drain(..) {
            if of != id {
                return Err(wrong(
                    line,
                    format!("this starter is of {of}, but region {id} follows it"),
                ));
            }
            starter.push(if text.is_empty() {
                text
            } else {
                format!("{at}{text}")
            });
        }
        self.open = Some(Region {
            id,
            exercise,
            indent: indent.to_owned(),
            comment,
            starter,
            body: Vec::new(),
            line: number,
        });
        Ok(())
    }

    fn end(&mut self, number: usize, anchor: &str) -> Result<(), MarkerError> {
        match self.open.take() {
            Some(region) if id_of_anchor(anchor).is_some_and(|(id, _)| id == region.id) => {
                if region.body == region.starter {
                    return Err(wrong(
                        region.line,
                        format!("the solution of region {} equals its starter", region.id),
                    ));
                }
                self.pieces.push(Piece::Region(region));
                Ok(())
            }
            Some(region) => Err(wrong(
                number,
                format!("`{anchor}` ends here, but region {} is open", region.id),
            )),
            None => Err(wrong(
                number,
                format!("`{anchor}` ends here but never began"),
            )),
        }
    }

    fn no_starter_waits(&self, number: usize) -> Result<(), MarkerError> {
        match self.starters.first() {
            Some((id, ..)) => Err(wrong(
                number,
                format!("the starter of {id} is not followed by its ANCHOR"),
            )),
            None => Ok(()),
        }
    }
}

fn wrong(line: usize, problem: impl Into<String>) -> MarkerError {
    MarkerError {
        line,
        problem: problem.into(),
    }
}

/// Indent, comment sign and words of a line that holds nothing but a comment.
fn comment_of(line: &str) -> Option<(&str, &'static str, &str)> {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    for comment in ["//", "#"] {
        if let Some(words) = code
            .strip_prefix(comment)
            .and_then(|rest| rest.strip_prefix(' '))
        {
            return Some((indent, comment, words));
        }
    }
    None
}

/// `ex-4-2-b` is region `4.2-b` of exercise `4.2`.
fn id_of_anchor(anchor: &str) -> Option<(String, String)> {
    let mut parts = anchor.strip_prefix("ex-")?.splitn(3, '-');
    let (chapter, number) = (parts.next()?, parts.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(chapter) || !digits(number) {
        return None;
    }
    let exercise = format!("{chapter}.{number}");
    match parts.next() {
        None => Some((exercise.clone(), exercise)),
        Some(letter)
            if letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase()) =>
        {
            Some((format!("{exercise}-{letter}"), exercise))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
