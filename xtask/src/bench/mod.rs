//! Measuring the budgets: what a learner waits for, and how fast the servers answer.
//!
//! Nothing is asserted. A measurement that fails is a row that says why, and the others go on.

pub mod echo;
mod edits;
mod fresh;
mod machine;
mod outer;
mod stdio;
mod table;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, anyhow};

use crate::cancel::{Cancel, Halt};
use crate::manifest::Manifest;
use crate::paths::Workbook;

pub use self::machine::Machine;
pub use self::table::{Row, markdown};

/// Everything that the measurements share.
pub struct Bench<'a> {
    /// The checkout.
    pub workbook: &'a Workbook,
    /// Its chapters.
    pub manifest: &'a Manifest,
    /// This program: it is also the bare echo loop.
    pub program: PathBuf,
    /// Only what needs no cold build.
    pub quick: bool,
    /// Stops everything.
    pub cancel: &'a Cancel,
    /// For builds and output that are of no use afterwards; removed at the end.
    scratch: PathBuf,
    /// The fresh clone, outside the checkout; removed at the end.
    clone: PathBuf,
}

impl<'a> Bench<'a> {
    /// Prepares empty folders.
    ///
    /// # Errors
    /// They cannot be made.
    pub fn new(
        workbook: &'a Workbook,
        manifest: &'a Manifest,
        quick: bool,
        cancel: &'a Cancel,
    ) -> anyhow::Result<Self> {
        let scratch = workbook.build_target().join("bench");
        remove(&scratch)?;
        fs::create_dir_all(&scratch)
            .with_context(|| format!("{} cannot be made", scratch.display()))?;
        let clone = std::env::temp_dir().join(format!("workbook-bench-{}", process::id()));
        Ok(Self {
            workbook,
            manifest,
            program: std::env::current_exe().context("this program's own path is not known")?,
            quick,
            cancel,
            scratch,
            clone,
        })
    }

    /// Measures everything; each row goes to `told` as soon as it is there.
    ///
    /// # Errors
    /// Cancelled. A measurement that fails is a row.
    pub fn run(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        if self.quick {
            self.edits(self.workbook, told)?;
            return self.book(self.workbook, told);
        }
        match self.fresh_clone(told)? {
            Some(fresh) => {
                self.edits(&fresh, told)?;
                self.book(&fresh, told)?;
                remove(&fresh.target)?;
                self.serve_first(&fresh, told)?;
                remove(&fresh.target)?;
            }
            None => {
                self.edits(self.workbook, told)?;
                self.book(self.workbook, told)?;
            }
        }
        self.servers(told)?;
        self.cargo_test(told)?;
        self.target_size(told)
    }

    /// The workbook of the fresh clone, with a target folder of its own.
    fn fresh(&self) -> Workbook {
        Workbook {
            root: self.clone.clone(),
            target: self.scratch.join("target"),
        }
    }

    /// Whether somebody wants an end.
    fn go_on(&self) -> Result<(), Halt> {
        match self.cancel.is_cancelled() {
            true => Err(Halt::Cancelled),
            false => Ok(()),
        }
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        for folder in [&self.scratch, &self.clone] {
            if let Err(error) = remove(folder) {
                eprintln!("{error:#}; remove it by hand");
            }
        }
    }
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Passes on a measurement, or the row that says why there is none. Only the wish to stop is passed up.
fn settle<T>(
    row: Row,
    measured: Result<T, Halt>,
    told: &mut dyn FnMut(Row),
    fill: impl FnOnce(Row, &T) -> Row,
) -> Result<Option<T>, Halt> {
    match measured {
        Ok(value) => {
            told(fill(row, &value));
            Ok(Some(value))
        }
        Err(Halt::Cancelled) => Err(Halt::Cancelled),
        Err(Halt::Fault(error)) => {
            let words = format!("{error:#}");
            told(row.failed(words.lines().next().unwrap_or_default()));
            Ok(None)
        }
    }
}

fn fault(words: impl std::fmt::Display) -> Halt {
    Halt::Fault(anyhow!("{words}"))
}
