//! What stands in the way of the workbook on this machine, and what puts it right.
//!
//! Nothing here needs cargo to load the workspace: this is what runs when cargo refuses to.

use std::path::PathBuf;

use crate::paths::Workbook;
use crate::undo::Replacement;

mod limited;
mod machine;
mod manifests;

/// How something that was looked at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Fine,
    /// Worth knowing; nothing has to be done.
    Note,
    /// Something will not work until it is put right.
    Trouble,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub health: Health,
    /// What it is, in a sentence.
    pub says: String,
    /// Messages and differences, line by line.
    pub details: Vec<String>,
    /// What to do by hand, where no repair is offered.
    pub next: Option<String>,
    /// What this program can do about it.
    pub repair: Option<Repair>,
}

/// Files to replace; a copy of what is there is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What will be done, in words that complete "I can …".
    pub what: String,
    /// How.
    pub files: Vec<Replacement>,
}

impl Finding {
    fn new(health: Health, says: impl Into<String>) -> Self {
        Self {
            health,
            says: says.into(),
            details: Vec::new(),
            next: None,
            repair: None,
        }
    }

    fn fine(says: impl Into<String>) -> Self {
        Self::new(Health::Fine, says)
    }

    fn note(says: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(Health::Note, says).next(next)
    }

    fn trouble(says: impl Into<String>) -> Self {
        Self::new(Health::Trouble, says)
    }

    fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    fn details(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(lines);
        self
    }

    fn repair(mut self, what: impl Into<String>, files: Vec<Replacement>) -> Self {
        self.repair = Some(Repair {
            what: what.into(),
            files,
        });
        self
    }
}

/// Looks at everything: the toolchain, the chapters and their manifests, then the machine.
pub fn examine(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = machine::toolchain();
    findings.extend(manifests::chapters(workbook));
    findings.extend(machine::folders(workbook));
    findings.extend(machine::ports());
    findings
}

/// Only the chapters and their manifests, for a second look after a repair.
pub fn examine_manifests(workbook: &Workbook) -> Vec<Finding> {
    manifests::chapters(workbook)
}

/// A replacement of one whole file of the checkout.
fn whole_file(path: PathBuf, new: Vec<u8>) -> Replacement {
    Replacement {
        path,
        new: Some(new),
        regions: Vec::new(),
    }
}
