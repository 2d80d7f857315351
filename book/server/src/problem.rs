//! What is wrong with the book, said so that its author knows the next step.

use std::fmt;

/// One thing that keeps the book from being built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file to change, relative to the checkout.
    pub file: String,
    /// The line in it, counted from 1, if one line is to blame.
    pub line: Option<usize>,
    /// What is wrong, and what to do about it.
    pub fault: Fault,
}

/// What is wrong and what to do, without the place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub next: String,
}

impl Fault {
    /// A fault and its cure.
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            next: next.into(),
        }
    }

    /// Says where the fault is.
    pub fn at(self, file: impl Into<String>, line: Option<usize>) -> Problem {
        Problem {
            file: file.into(),
            line,
            fault: self,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}\n    {}", self.fault.what, self.fault.next)
    }
}

/// Everything that keeps the book from being built, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.0))]
pub struct Problems(pub Vec<Problem>);

fn listed(problems: &[Problem]) -> String {
    let mut text: String = problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect();
    let count = problems.len();
    let plural = if count == 1 { "" } else { "s" };
    text.push_str(&format!("the book is not built: {count} problem{plural}"));
    text
}
