//! `cargo xtask talk`: the tools of a server, called by hand.

use std::io::{self, IsTerminal};
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

/// Builds the server and the checker, and hands the terminal over to the checker's client. Over HTTP, that signs in.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let (mut word, mut solution, mut stdio, mut url) = (None, false, false, None);
    let (mut options, mut signing_in) = (Vec::new(), Vec::new());
    while let Some(argument) = args.next()? {
        match argument {
            Long("solution") => solution = true,
            Long("wire") => options.push("--wire".to_owned()),
            Long("stdio") => stdio = true,
            Long("url") => url = Some(args.value()?.string()?),
            Long("machine") => signing_in.push("--machine".to_owned()),
            Long("scope") => {
                signing_in.extend(["--scope".to_owned(), args.value()?.string()?]);
            }
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
    let over_http = url.is_some() || (chapter.issuer && !stdio);
    if !over_http && !signing_in.is_empty() {
        return Err(Stop::usage(
            "--machine and --scope are about signing in, and over stdio nobody signs in",
        ));
    }
    let cancel = Cancel::on_signals()?;
    let server = match &url {
        // That server runs already: only the client is needed.
        Some(url) => {
            options.extend(["--url".to_owned(), url.clone()]);
            None
        }
        None => {
            let services = [(chapter.tracker, "--tracker"), (chapter.issuer, "--issuer")];
            let needed = services.iter().filter(|(needed, _)| *needed);
            options.extend(needed.map(|(_, option)| (*option).to_owned()));
            Some(chapter_program(workbook, chapter, solution, &cancel)?)
        }
    };
    let mut talk = Command::new(checker(workbook, &cancel)?);
    if over_http {
        options.push("--http".to_owned());
        options.append(&mut signing_in);
        // The address is printed in any case: a pipe has no desktop.
        if io::stdout().is_terminal() {
            options.push("--open".to_owned());
        }
    }
    talk.arg("talk").args(options);
    if let Some(server) = server {
        talk.arg("--").arg(server);
    }
    let status = hand_over(&mut talk, &cancel)?;
    Ok(match status.code() {
        Some(0) => Exit::Done,
        Some(2) => Exit::Usage,
        // Ctrl-C is the usual way out.
        None if cancel.is_cancelled() => Exit::Done,
        _ => Exit::Fault,
    })
}
