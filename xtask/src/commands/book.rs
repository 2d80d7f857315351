//! `cargo xtask book` and `cargo xtask serve`: build the book, or read it in the browser.
//!
//! Both start package `workbook`. It is built into cargo's own target folder, not into the one of the checks:
//! what it shares with xtask (its library and half of its crates) is there already.

use std::process::Command;

use anyhow::Result;
use lexopt::prelude::*;
use xtask::cancel::Cancel;
use xtask::exit::Exit;
use xtask::handover::hand_over_on_lifeline;
use xtask::paths::Workbook;

use super::Args;
use super::built::own_program;

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
    let cancel = Cancel::on_signals()?;
    let program = own_program(workbook, "workbook", "workbook", &workbook.target, &cancel)?;
    let mut command = Command::new(program);
    command
        .arg(verb)
        .arg("--root")
        .arg(&workbook.root)
        .arg("--out")
        .arg(workbook.target.join("book"))
        .arg("--lifeline")
        .args(words);
    let status = hand_over_on_lifeline(&mut command, &cancel)?;
    Ok(match status.code() {
        Some(0) => Exit::Done,
        Some(2) => Exit::Usage,
        // Ctrl-C is how serving ends.
        _ if cancel.is_cancelled() => Exit::Done,
        _ => Exit::Fault,
    })
}
