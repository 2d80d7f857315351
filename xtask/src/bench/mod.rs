//! Measuring the budgets: what a learner waits for, and how fast the servers answer.
//!
//! Nothing is asserted but that servers endure a long load. A measurement that fails is a row that says why, and the others
//! go on.

mod browser;
pub mod echo;
mod edits;
mod fresh;
pub mod http;
mod machine;
mod outer;
mod profile;
pub mod soak;
mod stdio;
mod table;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use anyhow::{Context, anyhow};
use serde::de::DeserializeOwned;

use crate::cancel::{Cancel, Halt};
use crate::manifest::Manifest;
use crate::paths::Workbook;
use crate::process::{Child, Input, Line};

pub use self::browser::{Paint, Seen};
pub use self::machine::Machine;
pub use self::table::{Row, markdown};

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first commands on a fresh clone: cold builds.
    Clone,
    /// Save → verdict, compile errors, the checker.
    Saves,
    /// The build of the book.
    Book,
    /// Pages and cards in a real browser.
    Browser,
    /// The chapters' servers, in release.
    Servers,
    /// Size and start of a server, without and with its release profile.
    Profile,
    /// The server of chapter 6 over HTTP, in release.
    Http,
    /// Long loads on the servers of chapters 3 and 8.
    Soak,
    /// `cargo test`, warm.
    Tests,
    /// The target folder.
    Disk,
}

impl Part {
    /// All of them, in the order in which they are measured.
    pub const ALL: [Self; 10] = [
        Self::Clone,
        Self::Saves,
        Self::Book,
        Self::Browser,
        Self::Servers,
        Self::Profile,
        Self::Http,
        Self::Soak,
        Self::Tests,
        Self::Disk,
    ];

    /// Those that build nothing from the ground up.
    pub const QUICK: [Self; 3] = [Self::Saves, Self::Book, Self::Disk];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::Saves => "saves",
            Self::Book => "book",
            Self::Browser => "browser",
            Self::Servers => "servers",
            Self::Profile => "profile",
            Self::Http => "http",
            Self::Soak => "soak",
            Self::Tests => "tests",
            Self::Disk => "disk",
        }
    }
}

/// Everything that the measurements share.
pub struct Bench<'a> {
    /// The checkout.
    pub workbook: &'a Workbook,
    /// Its chapters.
    pub manifest: &'a Manifest,
    /// This program: it is also the bare echo loop.
    pub program: PathBuf,
    /// What is measured.
    pub parts: Vec<Part>,
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
        parts: Vec<Part>,
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
            parts,
            cancel,
            scratch,
            clone,
        })
    }

    /// Measures everything; each row goes to `told` as soon as it is there.
    ///
    /// # Errors
    /// Cancelled, or a server does not endure a long load. Any other measurement that fails is a row.
    pub fn run(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let clone = self.wants(Part::Clone);
        let fresh = match clone {
            true => self.fresh_clone(told)?,
            false => None,
        };
        // In the clone nobody else builds, and a learner's own files stay as they are.
        let place = fresh.as_ref().unwrap_or(self.workbook);
        if self.wants(Part::Saves) {
            self.edits(place, told)?;
        }
        if self.wants(Part::Book) {
            self.book(place, told)?;
        }
        if let Some(fresh) = &fresh {
            remove(&fresh.target)?;
            self.serve_first(fresh, told)?;
            remove(&fresh.target)?;
        }
        if self.wants(Part::Browser) {
            self.browser(told)?;
        }
        if self.wants(Part::Servers) {
            self.servers(told)?;
        }
        if self.wants(Part::Profile) {
            self.profile(told)?;
        }
        if self.wants(Part::Http) {
            self.http(told)?;
        }
        let mut wrong = Vec::new();
        if self.wants(Part::Soak) {
            wrong = self.soak(told)?;
        }
        if self.wants(Part::Tests) {
            self.cargo_test(told)?;
        }
        if self.wants(Part::Disk) {
            self.target_size(told)?;
        }
        match wrong[..] {
            [] => Ok(()),
            _ => Err(fault(wrong.join("; "))),
        }
    }

    fn wants(&self, part: Part) -> bool {
        self.parts.contains(&part)
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
            told(row.failed(words.trim().lines().next().unwrap_or_default()));
            Ok(None)
        }
    }
}

impl Bench<'_> {
    /// Runs a program of the workbook to its end, and reads its last line.
    fn last_line<T: DeserializeOwned>(
        &self,
        command: Command,
        input: Input,
        limit: Duration,
    ) -> Result<T, Halt> {
        let (mut found, mut words) = (None, String::new());
        let status = Child::start(command, input)?.run(self.cancel, limit, |line| match line {
            Line::Out(line) => found = Some(line),
            Line::Err(line) => words.push_str(&line),
        })?;
        let found = found.filter(|_| status.success());
        let line = found.ok_or_else(|| fault(words))?;
        let read = serde_json::from_str(&line);
        Ok(read.with_context(|| format!("it says what nobody expects: {line}"))?)
    }
}

fn fault(words: impl std::fmt::Display) -> Halt {
    Halt::Fault(anyhow!("{words}"))
}
