//! Downloading what the workspace needs, once; afterwards cargo stays off the network.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::cancel::{Cancel, Halt};
use crate::cargo::{
    Progress, Spoken, command, limit_network, network_is_off, no_cargo, unwritable,
};
use crate::hash;
use crate::paths::Workbook;
use crate::process::{Child, Input, Line};

/// How long a download may stand still.
const SILENCE: Duration = Duration::from_secs(120);

/// What `ensure` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Everything is on this machine.
    Ready,
    /// Cargo refuses a manifest, in its own words.
    Refused(String),
}

/// Sees to it that every crate of `Cargo.lock` is on this machine. Costs nothing while the lock is unchanged.
///
/// # Errors
/// Without network and with crates missing: says so, and what to do.
pub fn ensure(
    workbook: &Workbook,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<Fetched, Halt> {
    let stamp = stamp(workbook);
    if fs::read_to_string(&stamp).is_ok_and(|text| text == lock_hash(workbook)) {
        return Ok(Fetched::Ready);
    }
    let host = host()?;
    // Mostly everything is there already: asking cargo offline first needs no network to find out.
    let (mut ready, mut words) = run(workbook, &host, true, cancel, sink)?;
    if !ready && !network_is_off() {
        (ready, words) = run(workbook, &host, false, cancel, sink)?;
    }
    if ready {
        // Cargo may just have completed the lock. Without the stamp the next command only asks again.
        if let Some(folder) = stamp.parent() {
            let written =
                fs::create_dir_all(folder).and_then(|()| fs::write(&stamp, lock_hash(workbook)));
            written.with_context(|| unwritable(&stamp))?;
        }
        return Ok(Fetched::Ready);
    }
    if is_about_network(workbook, &words) {
        return Err(Halt::Fault(anyhow!(
            "the crates that the workbook uses are not all on this machine, and cannot be downloaded.\n\
             Connect to the network once and run the command again; afterwards none is needed.\n\n{words}"
        )));
    }
    Ok(Fetched::Refused(words))
}

fn run(
    workbook: &Workbook,
    host: &str,
    offline: bool,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<(bool, String), Halt> {
    let mut cargo = command(workbook);
    // Without a target cargo downloads what other systems need: a hundred megabytes for nothing.
    cargo.args(["fetch", "--target", host]);
    if offline {
        cargo.arg("--offline");
    } else {
        limit_network(&mut cargo);
    }
    let mut words = Vec::new();
    let child = Child::start(cargo, Input::Null).map_err(no_cargo)?;
    let status = child.run(cancel, SILENCE, |line| {
        let Line::Err(text) = line else { return };
        match Spoken::of(&text) {
            Spoken::Blocking => sink(Progress::Waiting),
            Spoken::Download => sink(Progress::Fetching {
                line: text.trim().to_owned(),
            }),
            Spoken::Crates { .. } | Spoken::Status => {}
            Spoken::Words => words.push(text),
        }
    })?;
    Ok((status.success(), words.join("\n")))
}

/// Whether cargo's words blame the network, not a manifest.
fn is_about_network(workbook: &Workbook, words: &str) -> bool {
    // Offline, cargo tells in the same words of a crate that does not exist and of one that is not
    // here yet. What the lock names does exist.
    if let Some((_, rest)) = words.split_once("no matching package named `") {
        let name = rest.split('`').next().unwrap_or_default();
        let lock = fs::read_to_string(workbook.root.join("Cargo.lock")).unwrap_or_default();
        return lock.contains(&format!("name = \"{name}\""));
    }
    let signs = [
        "--offline was specified",
        "failed to download",
        "download of",
        "unable to update registry",
        "failed to get",
        "ould not resolve",
        "ould not connect",
        "network",
    ];
    !words.contains("failed to parse manifest") && signs.iter().any(|sign| words.contains(sign))
}

fn stamp(workbook: &Workbook) -> PathBuf {
    workbook.build_target().join("fetched")
}

fn lock_hash(workbook: &Workbook) -> String {
    let lock = fs::read(workbook.root.join("Cargo.lock")).unwrap_or_default();
    hash::text(hash::of(&lock))
}

/// The machine's target triple, such as `x86_64-unknown-linux-gnu`.
///
/// # Errors
/// There is no rustc, or it does not say.
pub fn host() -> anyhow::Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .stdin(Stdio::null())
        .output()
        .context("rustc cannot be started; install Rust from https://rustup.rs")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| anyhow!("`rustc -vV` does not name its host"))
}
