//! The tracker beside the servers, run by the checker for as long as somebody needs it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow};
use verdict::TrackerAt;

use crate::cancel::{Cancel, Halt};
use crate::process::{Child, Input, Line};

/// Where servers look for a tracker if nobody tells them.
pub const PORT: u16 = 8089;

/// Which tracker to run.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The first port to try; 0 lets the system choose.
    pub port: u16,
    /// Whether one that runs there already will do.
    pub reuse: bool,
}

/// Whether servers find this tracker without being told its address.
pub fn is_default(tracker: &TrackerAt) -> bool {
    tracker.url == format!("http://127.0.0.1:{PORT}")
}

/// Runs a tracker until it ends, which without `cancel` it does only if it was there before. `ready` hears where it is.
///
/// # Errors
/// Cancelled; no port is free; what `ready` returns.
pub fn run(
    checker: &Path,
    wanted: Wanted,
    cancel: &Cancel,
    mut ready: impl FnMut(&TrackerAt) -> Result<()>,
) -> Result<(), Halt> {
    let mut command = Command::new(checker);
    command.args(["tracker", "--port", &wanted.port.to_string()]);
    if wanted.reuse {
        command.arg("--reuse");
    }
    let child = Child::start(command, Input::Lifeline)?;
    let (mut told, mut words) = (Ok(()), String::new());
    // It is silent on purpose, once it has said where it is.
    let status = child.run(cancel, Duration::MAX, |line| match line {
        Line::Out(text) => match serde_json::from_str(&text) {
            Ok(tracker) => told = ready(&tracker),
            Err(_) => words.push_str(&text),
        },
        Line::Err(text) => words.push_str(&text),
    })?;
    told?;
    if status.success() {
        Ok(())
    } else {
        Err(Halt::Fault(anyhow!(
            "the tracker ended ({status}). {words}"
        )))
    }
}
