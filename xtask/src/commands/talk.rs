//! `cargo xtask talk`: the tools of a server, called by hand.

use std::process::Command;

use anyhow::Result;
use lexopt::prelude::*;
use xtask::cancel::Cancel;
use xtask::exit::{Exit, Stop};
use xtask::handover::hand_over;
use xtask::manifest::Manifest;
use xtask::paths::Workbook;

use super::Args;
use super::built::{chapter_program, checker};
use super::run::one_chapter;

/// Builds the server and the checker, and hands the terminal over to the checker's client.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let (mut word, mut solution) = (None, false);
    let mut options = Vec::new();
    while let Some(argument) = args.next()? {
        match argument {
            Long("solution") => solution = true,
            Long("wire") => options.push("--wire".to_owned()),
            Long("era") => {
                let era = args.value()?.string()?;
                if era != "modern" && era != "legacy" {
                    return Err(Stop::usage(format!(
                        "`{era}` is no era; it is --era modern or --era legacy"
                    )));
                }
                options.extend(["--era".to_owned(), era]);
            }
            Value(value) if word.is_none() => word = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let manifest = Manifest::load(&workbook.root)?;
    let chapter = one_chapter(workbook, &manifest, word.as_deref())?;
    let cancel = Cancel::on_signals()?;
    let server = chapter_program(workbook, chapter, solution, &cancel)?;
    let checker = checker(workbook, &cancel)?;
    if chapter.tracker {
        options.push("--tracker".to_owned());
    }
    if chapter.issuer {
        options.push("--issuer".to_owned());
    }
    let mut talk = Command::new(checker);
    talk.arg("talk").args(options).arg("--").arg(server);
    let status = hand_over(&mut talk, &cancel)?;
    Ok(match status.code() {
        Some(0) => Exit::Done,
        Some(2) => Exit::Usage,
        // Ctrl-C is the usual way out.
        None if cancel.is_cancelled() => Exit::Done,
        _ => Exit::Fault,
    })
}
