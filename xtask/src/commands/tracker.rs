//! `cargo xtask tracker`: the team's tracker by itself, to try it by hand.

use anyhow::Result;
use lexopt::prelude::*;
use verdict::TrackerAt;
use xtask::cancel::Cancel;
use xtask::client_config::quoted;
use xtask::exit::Exit;
use xtask::paths::Workbook;
use xtask::service::Wanted;
use xtask::tracker::{self, PORT};

use super::built::{checker, until_stopped};
use super::{Args, print};

/// Two creations that fail: what a server makes of them is worth seeing.
const FAULT: &str = r#"{"route": "POST /tasks", "effect": "status", "status": 503, "times": 2}"#;

/// Runs a tracker until Ctrl-C, and says how to reach it.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let mut port = PORT;
    while let Some(argument) = args.next()? {
        match argument {
            Long("port") => port = args.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let cancel = Cancel::on_signals()?;
    let checker = checker(workbook, &cancel)?;
    let wanted = Wanted { port, reuse: false };
    until_stopped(tracker::run(&checker, wanted, &cancel, |tracker| {
        print(&told(port, tracker))
    }))
}

fn told(port: u16, tracker: &TrackerAt) -> String {
    let TrackerAt { url, token, .. } = tracker;
    let authorization = quoted(&format!("Authorization: Bearer {token}"));
    let json = quoted("Content-Type: application/json");
    let (tasks, fault) = (
        quoted(&format!("{url}/tasks?project=ATLAS&limit=2")),
        quoted(FAULT),
    );
    format!(
        "{taken}The tracker runs until Ctrl-C. What was changed in it is forgotten then.\n\
         \n\
         TRACKER_URL={url}\n\
         TRACKER_TOKEN={token}\n\
         \n\
         Is it there, what is in it, and let the next two new tasks fail:\n\
         curl {url}/health\n\
         curl -H {authorization} {tasks}\n\
         curl -H {authorization} -H {json} -d {fault} {url}/admin/faults\n",
        taken = port_taken(port, url),
    )
}

/// A sentence for the case that the tracker is not where it was wanted.
pub(super) fn port_taken(wanted: u16, url: &str) -> String {
    if wanted == 0 || url.ends_with(&format!(":{wanted}")) {
        String::new()
    } else {
        format!("Port {wanted} is taken, so the next free one is used.\n")
    }
}
