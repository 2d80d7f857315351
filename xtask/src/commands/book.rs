//! `cargo xtask book` and `cargo xtask serve`: build the book, or read it in the browser.
//!
//! Both start package `workbook`. It is built into cargo's own target folder, not into the one of the checks:
//! what it shares with xtask (its library and half of its crates) is there already.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use xtask::exit::{Exit, Stop};
use xtask::paths::Workbook;

use super::{Args, print};

/// Builds the book and says where it is.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let mut words = Vec::new();
    while let Some(argument) = args.next()? {
        match argument {
            Long("draft") => words.push("--draft".to_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    start(workbook, "build", words)
}

/// Builds the book, serves it on this machine and builds it again at every save, until Ctrl-C.
pub(crate) fn serve(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let mut words = Vec::new();
    let mut open = true;
    while let Some(argument) = args.next()? {
        match argument {
            Long("port") => {
                let port: u16 = args.value()?.parse()?;
                words.extend(["--port".to_owned(), port.to_string()]);
            }
            Long("open") => open = true,
            Long("no-open") => open = false,
            Long("draft") => words.push("--draft".to_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    if open {
        words.push("--open".to_owned());
    }
    start(workbook, "serve", words)
}

/// Builds package `workbook` and hands the terminal over to it.
fn start(workbook: &Workbook, verb: &str, words: Vec<String>) -> Result<Exit> {
    build(workbook)?;
    let program = format!("debug/workbook{}", std::env::consts::EXE_SUFFIX);
    let program = workbook.target.join(program);
    // Ctrl-C reaches both processes. The other one ends by it, and this one then says how it ended.
    ctrlc::set_handler(|| {}).context("Ctrl-C cannot be handled")?;
    let status = Command::new(&program)
        .arg(verb)
        .arg("--root")
        .arg(&workbook.root)
        .arg("--out")
        .arg(workbook.target.join("book"))
        .args(words)
        .stdin(Stdio::inherit())
        .status()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    match status.code() {
        Some(0) => Ok(Exit::Done),
        Some(2) => Ok(Exit::Usage),
        // Ended by a signal: whoever pressed Ctrl-C wanted that.
        None if verb == "serve" => Ok(Exit::Done),
        _ => Ok(Exit::Fault),
    }
}

fn build(workbook: &Workbook) -> Result<()> {
    print("Building the book's program; the first time takes about a minute.\n")?;
    let _ = Stop::fault("");
    let _ = workbook;
    bail!("not yet")
}
