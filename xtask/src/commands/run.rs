//! `cargo xtask run`: what a client must be told to start the learner's server, or to reach the one that runs here.

use std::path::Path;

use anyhow::Result;
use lexopt::prelude::*;
use verdict::{HostedAt, TrackerAt};
use xtask::cancel::Cancel;
use xtask::client_config::{Configuration, Reach, configurations};
use xtask::exit::{Exit, Stop};
use xtask::issuer;
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::service::{self, Wanted};
use xtask::tracker::{self, PORT, is_default};

use super::built::{chapter_program, checker, until_stopped};
use super::tracker::port_taken;
use super::{Args, exercise, print, select};

/// Where people expect a server over HTTP.
const HTTP_PORT: u16 = 8080;

/// Builds the server and prints the configuration of four clients. If the server needs the tracker, that runs until Ctrl-C; so
/// does a server over HTTP, with its issuer.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let (mut word, mut solution, mut port) = (None, false, PORT);
    let (mut http_port, mut issuer_port, mut stdio) = (HTTP_PORT, issuer::PORT, false);
    while let Some(argument) = args.next()? {
        match argument {
            Long("solution") => solution = true,
            Long("stdio") => stdio = true,
            Long("tracker-port") => port = args.value()?.parse()?,
            Long("issuer-port") => issuer_port = args.value()?.parse()?,
            Long("port") => http_port = args.value()?.parse()?,
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
    if chapter.issuer && !stdio {
        let ports = [
            ("--port", http_port),
            ("--tracker-port", port),
            ("--issuer-port", issuer_port),
        ];
        let wanted = ports.map(|(_, port)| port);
        return until_stopped(service::host(&checker, ports, &program, &cancel, |at| {
            print(&over_http(chapter, wanted, at))
        }));
    }
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
    // A server that guards its secrets does not start without one.
    if let Some(tracker) = tracker.filter(|_| chapter.token) {
        reach = reach.with_env("TRACKER_TOKEN", &tracker.token);
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

/// Everything that is printed for a server that runs here. `wanted` are the ports that were tried first: those of the server,
/// the tracker and the issuer.
fn over_http(chapter: &Chapter, wanted: [u16; 3], at: &HostedAt) -> String {
    let [own_port, tracker_port, issuer_port] = wanted;
    let (url, id) = (&at.url, &chapter.id);
    let origin = url.trim_end_matches("/mcp");
    let mut text = format!(
        "{taken}{name} runs: {url}\nPut one of these into your client.\n",
        taken = port_taken(own_port, origin),
        name = chapter.name,
    );
    let reach = Reach::Http { url: url.clone() };
    for configuration in configurations(&chapter.name, &reach) {
        text.push_str(&one_client(&configuration));
    }
    text.push_str(&format!(
        "\nA client signs in at the issuer, which has to know it: it knows `cargo xtask talk`, and clients that describe \
         themselves at an address on this machine.\n\
         Without a client, signed in as you like: cargo xtask talk {id} --url {url}\n\n"
    ));
    let mut ended = vec!["the server"];
    if let Some(tracker) = &at.tracker {
        let (taken, url) = (port_taken(tracker_port, &tracker.url), &tracker.url);
        match tracker.was_there {
            true => text.push_str(&format!("The tracker runs already, at {url}.\n")),
            false => {
                ended.push("the tracker");
                text.push_str(&format!("{taken}The tracker runs at {url}.\n"));
            }
        }
    }
    if let Some(issuer) = &at.issuer {
        let (taken, url) = (port_taken(issuer_port, &issuer.url), &issuer.url);
        match issuer.was_there {
            true => text.push_str(&format!("The issuer runs already, at {url}.\n")),
            false => {
                ended.push("the issuer");
                text.push_str(&format!(
                    "{taken}The issuer runs at {url}, for learning only.\n"
                ));
            }
        }
    }
    text.push_str(&format!(
        "Ctrl-C ends {}. What follows is the server's log.\n",
        ended.join(", ")
    ));
    text
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
