//! `cargo xtask check`: build, run the checks, explain.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Error, Result};
use lexopt::prelude::*;
use serde_json::json;
use verdict::Era;
use xtask::cancel::{Cancel, Halt};
use xtask::engine::{Request, Step, judge};
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Manifest, Selection};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::render::{self, Options};
use xtask::states::current_chapter;
use xtask::style::Style;
use xtask::subject::{Crate, Server, chapter_of};
use xtask::ticker::{Count, Ticker};

use super::{Args, print, select};

/// What stands on the command line.
#[derive(Default)]
struct Asked {
    word: Option<String>,
    json: bool,
    wire: bool,
    path: Option<PathBuf>,
    command: Vec<OsString>,
    checks: Vec<String>,
    era: Option<Era>,
}

/// Judges what was asked for.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let asked = Asked::read(args)?;
    let manifest = Manifest::load(&workbook.root)?;
    let selection = asked.selection(workbook, &manifest)?;
    let style = Style::of_stdout();
    let mut request = Request::of(asked.server());
    request.colour = style.colour && !asked.json;
    request.checks.clone_from(&asked.checks);
    request.era = asked.era;
    request.wire = asked.wire || asked.json;
    let cancel = Cancel::on_signals()?;
    let (mut ticker, mut count) = (Ticker::new(), Count::default());
    let judged = judge(
        workbook,
        &manifest,
        selection,
        &request,
        &cancel,
        &mut |step| match step {
            Step::Building(what, progress) => ticker.show(what, &progress),
            Step::Built | Step::Judged(_) => {}
            Step::Checking(event) => {
                count.hear(event);
                ticker.show_checks(count);
            }
        },
    );
    drop(ticker);
    let report = match judged {
        Ok(report) => report,
        Err(Halt::Cancelled) => return Ok(stopped()),
        Err(Halt::Fault(error)) => return Err(told(error, asked.json)),
    };
    if asked.json {
        print(&format!("{}\n", serde_json::to_string(&report)?))?;
    } else {
        let wire = asked.wire;
        print(&render::report(&report, Options { style, wire }))?;
    }
    let exits = [
        Exit::Done,
        Exit::NotYet,
        Exit::Usage,
        Exit::DoesNotBuild,
        Exit::Fault,
    ];
    let exit = exits.into_iter().find(|exit| *exit as u8 == report.exit);
    Ok(exit.unwrap_or(Exit::Fault))
}

/// What Ctrl-C ends with.
pub(super) fn stopped() -> Exit {
    eprintln!("stopped");
    Exit::Interrupted
}

/// An error that a program reads is an object too; a person reads it on standard error.
fn told(error: Error, as_json: bool) -> Error {
    if as_json {
        let exit = error
            .downcast_ref::<Stop>()
            .map_or(Exit::Fault, |stop| stop.exit);
        let object = json!({ "exit": exit as u8, "error": format!("{error:#}") });
        // If it cannot be printed, the error itself still is.
        let _ = print(&format!("{object}\n"));
    }
    error
}

impl Asked {
    fn read(mut args: Args) -> Result<Self> {
        let mut asked = Self::default();
        let mut words: Vec<OsString> = args.raw_args()?.collect();
        if let Some(end) = words.iter().position(|word| word == "--") {
            asked.command = words.split_off(end).split_off(1);
            if asked.command.is_empty() {
                return Err(Stop::usage(
                    "after `--` stands the command that starts your server: `cargo xtask check ch02 -- python3 server.py`",
                ));
            }
        }
        let mut args = Args::from_args(words);
        while let Some(argument) = args.next()? {
            match argument {
                Long("json") => asked.json = true,
                Long("wire") => asked.wire = true,
                Long("path") => asked.path = Some(args.value()?.into()),
                Long("check") => asked.checks.push(args.value()?.string()?),
                Long("era") => asked.era = Some(era(&args.value()?.string()?)?),
                Value(word) if asked.word.is_none() => asked.word = Some(word.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        if asked.path.is_some() && !asked.command.is_empty() {
            return Err(Stop::usage(
                "`--path DIR` and `-- COMMAND` name two servers; one at a time",
            ));
        }
        Ok(asked)
    }

    fn server(&self) -> Server {
        match &self.path {
            Some(folder) => Server::Crate(folder.clone()),
            None if self.command.is_empty() => Server::Learner,
            None => Server::Command(self.command.clone()),
        }
    }

    fn selection<'a>(&self, workbook: &Workbook, manifest: &'a Manifest) -> Result<Selection<'a>> {
        if let Some(word) = &self.word {
            return select(manifest, word);
        }
        if let Some(folder) = &self.path {
            // What is wrong with the folder is told before what is missing on the command line.
            Crate::in_folder(workbook, folder)?;
        }
        if let Some(folder) = &self.path
            && let Some(chapter) = chapter_of(manifest, folder)
        {
            return Ok(Selection::Chapter(chapter));
        }
        if let Server::Learner = self.server() {
            let progress = Progress::load(workbook);
            return Ok(Selection::Chapter(current_chapter(
                workbook, manifest, &progress,
            )?));
        }
        Err(Stop::usage(
            "name the chapter or exercise whose checks are to run, such as `cargo xtask check ch02 …`",
        ))
    }
}

fn era(word: &str) -> Result<Era> {
    match word {
        "modern" => Ok(Era::Modern),
        "legacy" => Ok(Era::Legacy),
        _ => Err(Stop::usage(format!(
            "there is no era `{word}`; there are `modern` and `legacy`"
        ))),
    }
}
