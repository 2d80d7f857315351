//! `cargo xtask run`: what a client must be told to start the learner's server.

use std::path::Path;

use anyhow::Result;
use lexopt::prelude::*;
use verdict::TrackerAt;
use xtask::cancel::Cancel;
use xtask::client_config::{Configuration, Reach, configurations};
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::service::Wanted;
use xtask::tracker::{self, PORT, is_default};

use super::built::{chapter_program, checker, until_stopped};
use super::tracker::port_taken;
use super::{Args, exercise, print, select};

/// Builds the server and prints the configuration of four clients. If the server needs the tracker, it runs until Ctrl-C.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let (mut word, mut solution, mut port) = (None, false, PORT);
    while let Some(argument) = args.next()? {
        match argument {
            Long("solution") => solution = true,
            Long("tracker-port") => port = args.value()?.parse()?,
            Value(value) if word.is_none() => word = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let manifest = Manifest::load(&workbook.root)?;
    let chapter = one_chapter(workbook, &manifest, word.as_deref())?;
    let cancel = Cancel::on_signals()?;
    let program = chapter_program(workbook, chapter, solution, &cancel)?;
    if !chapter.tracker {
        print(&told(chapter, &program, None)?)?;
        return Ok(Exit::Done);
    }
    let checker = checker(workbook, &cancel)?;
    let wanted = Wanted { port, reuse: true };
    until_stopped(tracker::run(&checker, wanted, &cancel, |tracker| {
        let beside = beside(port, tracker);
        print(&format!(
            "{}{beside}",
            told(chapter, &program, Some(tracker))?
        ))
    }))
}

/// The chapter that `word` names; without a word that of the current exercise.
pub(super) fn one_chapter<'a>(
    workbook: &Workbook,
    manifest: &'a Manifest,
    word: Option<&str>,
) -> Result<&'a Chapter> {
    let Some(word) = word else {
        return Ok(exercise::find(workbook, manifest, None)?.0);
    };
    match select(manifest, word)? {
        Selection::Chapter(chapter) | Selection::Exercise(chapter, _) => Ok(chapter),
        Selection::All => Err(Stop::usage("one chapter at a time, such as ch02")),
    }
}

/// Everything that is printed for a server which the client starts itself.
fn told(chapter: &Chapter, program: &Path, tracker: Option<&TrackerAt>) -> Result<String> {
    let mut reach = Reach::program(program)?;
    if let Some(tracker) = tracker.filter(|tracker| !is_default(tracker)) {
        reach = reach.with_env("TRACKER_URL", &tracker.url);
    }
    let here = match tracker {
        Some(_) => "and only the tracker has to run",
        None => "so nothing has to run here",
    };
    let mut text = format!(
        "{} is built: {}\n\
         Put one of these into your client. The client starts the server itself, {here}.\n",
        chapter.name,
        program.display()
    );
    for configuration in configurations(&chapter.name, &reach) {
        text.push_str(&one_client(&configuration));
    }
    text.push_str(&format!(
        "\nEvery build puts the new program in the same place: after `cargo xtask check {id}`, restart the server in the client.\n\
         Without a client: cargo xtask talk {id}\n",
        id = chapter.id
    ));
    Ok(text)
}

/// Where the tracker is, and for how long. `wanted` is the port that was tried first.
fn beside(wanted: u16, tracker: &TrackerAt) -> String {
    let url = &tracker.url;
    let found = match is_default(tracker) {
        true => "where the server looks for it",
        false => "and TRACKER_URL above tells the server",
    };
    if tracker.was_there {
        return format!("\nThe tracker runs already, at {url}, {found}.\n");
    }
    format!(
        "\n{taken}The tracker runs at {url}, {found}. Ctrl-C ends it.\n",
        taken = port_taken(wanted, url)
    )
}

fn one_client(configuration: &Configuration) -> String {
    let mut text = format!("\n{}\n", configuration.client);
    for file in &configuration.files {
        text.push_str(&format!("  {file}\n"));
    }
    // Not indented, so that it can be copied as it stands.
    text.push_str(&format!("\n{}\n\n", configuration.text));
    if let Some(command) = &configuration.command {
        text.push_str(&format!("  or: {command}\n"));
    }
    for then in &configuration.then {
        text.push_str(&format!("  {then}\n"));
    }
    text
}
