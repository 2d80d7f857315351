//! The book, the workbook's own tests, and the disk.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::outer::{Outer, last_words};
use super::table::{Row, median, time, worst};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo::{self, Plan, build};
use crate::paths::Workbook;

const BOOKS: usize = 3;
const BOOK: Duration = Duration::from_secs(2);
const BOOK_LIMIT: Duration = Duration::from_secs(120);
const TESTS: Duration = Duration::from_secs(90);
/// The first run may have to build everything.
const TESTS_LIMIT: Duration = Duration::from_secs(1200);
const DISK: u64 = 8_000_000_000;

impl Bench<'_> {
    /// A build of the book, by the program that `book` and `serve` start.
    pub(super) fn book(&self, place: &Workbook, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let row = Row::new(
            "book build",
            format!("`workbook build`, already compiled; median of {BOOKS}, worst in brackets"),
        );
        let measured = self.books(place);
        settle(row.budget("≤ 2 s"), measured, told, |row, times| {
            let text = format!("{} ({})", time(median(times)), time(worst(times)));
            row.measured(text, median(times) <= BOOK)
        })?;
        Ok(())
    }

    fn books(&self, place: &Workbook) -> Result<Vec<Duration>, Halt> {
        // The same target folder as `cargo xtask book`.
        let plan = Plan {
            binary: Some("workbook".into()),
            target: place.target.clone(),
            ..Plan::member(place, "workbook")
        };
        let built = build(place, &plan, self.cancel, &mut |_| {})?;
        let Some(program) = built.executable(Some("workbook")) else {
            return Err(fault("package workbook does not build"));
        };
        let log = self.scratch.join("book.log");
        let mut times = Vec::new();
        for _ in 0..BOOKS {
            let mut command = Command::new(program);
            command
                .args(["build", "--root"])
                .arg(&place.root)
                .arg("--out")
                .arg(self.scratch.join("book"));
            let (status, took) = Outer::start(command, &log)?.end(BOOK_LIMIT, self.cancel)?;
            if !status.success() {
                return Err(fault(format!("{status}: {}", last_words(&log))));
            }
            times.push(took);
        }
        Ok(times)
    }

    /// `cargo test` with everything built: a first run sees to that.
    pub(super) fn cargo_test(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let row = Row::new(
            "`cargo test` at the root, warm",
            "the second of two runs in this checkout",
        );
        let measured = self.test().and_then(|_| self.test());
        settle(row.budget("≤ 90 s"), measured, told, |row, took| {
            row.measured(time(*took), *took <= TESTS)
        })?;
        Ok(())
    }

    fn test(&self) -> Result<Duration, Halt> {
        let mut cargo = cargo::command(self.workbook);
        cargo
            .args(["test", "--offline", "--quiet"])
            .env_remove("CARGO_TERM_PROGRESS_WHEN");
        let log = self.scratch.join("test.log");
        let (status, took) = Outer::start(cargo, &log)?.end(TESTS_LIMIT, self.cancel)?;
        match status.success() {
            true => Ok(took),
            false => Err(fault(format!("{status}: {}", last_words(&log)))),
        }
    }

    /// What the checkout's target folder takes of the disk.
    pub(super) fn target_size(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        self.go_on()?;
        let row = Row::new(
            "target folder",
            "this checkout's as it stands; incremental caches included",
        );
        let mut seen = HashSet::new();
        let bytes = size(&self.workbook.target, &self.scratch, &mut seen);
        let text = format!("{:.1} GB", bytes as f64 / 1e9);
        told(row.budget("≤ 8 GB").measured(text, bytes <= DISK));
        Ok(())
    }
}

/// The bytes below a folder. Cargo gives one file several names: each file counts once.
fn size(folder: &Path, except: &Path, seen: &mut HashSet<(u64, u64)>) -> u64 {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // What vanishes meanwhile takes no disk.
        let Ok(data) = entry.metadata() else { continue };
        if data.is_dir() && path != except {
            bytes += size(&path, except, seen);
        } else if data.is_file() && is_new(&data, seen) {
            bytes += data.len();
        }
    }
    bytes
}

/// Whether no other name of the file was seen before.
#[cfg(unix)]
fn is_new(data: &fs::Metadata, seen: &mut HashSet<(u64, u64)>) -> bool {
    use std::os::unix::fs::MetadataExt;
    if data.nlink() == 1 {
        return true;
    }
    seen.insert((data.dev(), data.ino()))
}

/// Not tested on Windows, where files with two names count twice.
#[cfg(not(unix))]
fn is_new(_data: &fs::Metadata, _seen: &mut HashSet<(u64, u64)>) -> bool {
    true
}
