//! A fresh clone: what the first commands take when nothing is built yet.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use super::outer::{Outer, last_words};
use super::table::{Row, time};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo;
use crate::fetch;
use crate::paths::Workbook;

/// No first build takes so long, not even on a slow machine.
const LIMIT: Duration = Duration::from_secs(900);
/// How long a page may take that the server has promised.
const PAGE: Duration = Duration::from_secs(5);

impl Bench<'_> {
    /// The first commands on a clone, in the order in which a reader of the README calls them.
    /// The clone is handed on with everything built.
    pub(super) fn fresh_clone(&self, told: &mut dyn FnMut(Row)) -> Result<Option<Workbook>, Halt> {
        let fresh = self.fresh();
        let row = Row::new(
            "first `cargo xtask` on a fresh clone",
            "`git clone`, empty target folder, crates downloaded before",
        )
        .budget("≤ 15 s");
        let cloned = self.clone_checkout();
        let measured = cloned.and_then(|()| self.xtask(&fresh, &[], 0));
        if settle(row, measured, told, |row, took| seconds(row, *took, 15))?.is_none() {
            return Ok(None);
        }
        let row = Row::new(
            "first `check ch01`",
            "next in that clone; builds the server and the checker",
        )
        .budget("≤ 90 s");
        // On the starter some checks fail, as they should.
        let measured = self.xtask(&fresh, &["check", "ch01"], 1);
        settle(row, measured, told, |row, took| seconds(row, *took, 90))?;
        let row = Row::new(
            "first `serve`, after that `check`",
            "until the first page answers over HTTP",
        )
        .budget("≤ 75 s");
        let measured = self.first_page(&fresh);
        settle(row, measured, told, |row, took| seconds(row, *took, 75))?;
        Ok(Some(fresh))
    }

    /// For those who start with the book.
    pub(super) fn serve_first(
        &self,
        fresh: &Workbook,
        told: &mut dyn FnMut(Row),
    ) -> Result<(), Halt> {
        let row = Row::new(
            "first `serve`, before anything else",
            "the same clone, target folder empty again; xtask included",
        )
        .budget("≤ 75 s");
        let measured = self.first_page(fresh);
        settle(row, measured, told, |row, took| seconds(row, *took, 75))?;
        Ok(())
    }

    fn clone_checkout(&self) -> Result<(), Halt> {
        // What is not on this machine yet would be measured as well.
        fetch::ensure(self.workbook, self.cancel, &mut |_| {})?;
        let mut git = Command::new("git");
        git.args(["clone", "--quiet"])
            .arg(&self.workbook.root)
            .arg(&self.clone);
        let log = self.scratch.join("clone.log");
        let (status, _) = Outer::start(git, &log)?.end(Duration::from_secs(60), self.cancel)?;
        match status.success() {
            true => Ok(()),
            false => Err(fault(format!("git clone: {}", last_words(&log)))),
        }
    }

    /// The time of `cargo xtask …` in the clone, if it ends with `expected`.
    fn xtask(&self, fresh: &Workbook, words: &[&str], expected: i32) -> Result<Duration, Halt> {
        let log = self.scratch.join("xtask.log");
        let outer = Outer::start(xtask(fresh, words), &log)?;
        let (status, took) = outer.end(LIMIT, self.cancel)?;
        match status.code() {
            Some(code) if code == expected => Ok(took),
            _ => Err(fault(format!("{status}: {}", last_words(&log)))),
        }
    }

    /// The time from `cargo xtask serve` to the first page of the book.
    fn first_page(&self, fresh: &Workbook) -> Result<Duration, Halt> {
        let log = self.scratch.join("serve.log");
        let words = ["serve", "--no-open", "--port", "0"];
        let mut outer = Outer::start(xtask(fresh, &words), &log)?;
        let address = outer.until(LIMIT, self.cancel, |said| {
            let (_, rest) = said.split_once("workbook at http://")?;
            let (address, _) = rest.split_once('\n')?;
            Some(address.trim_end_matches('/').to_owned())
        })?;
        // Until the book is built, the server may answer with something else than a page of it.
        let limit = outer.began.elapsed() + Duration::from_secs(60);
        outer.until(limit, self.cancel, |_| {
            let answer = get(&address).unwrap_or_default();
            (answer.starts_with("HTTP/1.1 200") && answer.contains("<main")).then_some(())
        })?;
        Ok(outer.began.elapsed())
    }
}

/// `cargo xtask …` as it is called in `fresh`, off the network.
fn xtask(fresh: &Workbook, words: &[&str]) -> Command {
    let mut command = cargo::command(fresh);
    command
        .arg("xtask")
        .args(words)
        .env("CARGO_TARGET_DIR", &fresh.target)
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("CARGO_TERM_PROGRESS_WHEN");
    command
}

/// The start page, headers included.
fn get(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PAGE))?;
    stream.set_write_timeout(Some(PAGE))?;
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn seconds(row: Row, took: Duration, budget: u64) -> Row {
    row.measured(time(took), took <= Duration::from_secs(budget))
}
