//! A service beside the servers, run by the checker for as long as somebody needs it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde::de::DeserializeOwned;

use crate::cancel::{Cancel, Halt};
use crate::process::{Child, Input, Line};

/// Which one to run.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The first port to try; 0 lets the system choose.
    pub port: u16,
    /// Whether one that runs there already will do.
    pub reuse: bool,
}

/// Runs the service of this name until it ends, which without `cancel` it does only if it was there before. `ready` hears
/// where it is.
///
/// # Errors
/// Cancelled; no port is free; what `ready` returns.
pub fn run<At: DeserializeOwned>(
    name: &str,
    checker: &Path,
    wanted: Wanted,
    cancel: &Cancel,
    mut ready: impl FnMut(&At) -> Result<()>,
) -> Result<(), Halt> {
    let mut command = Command::new(checker);
    command.args([name, "--port", &wanted.port.to_string()]);
    if wanted.reuse {
        command.arg("--reuse");
    }
    let child = Child::start(command, Input::Lifeline)?;
    let (mut told, mut words) = (Ok(()), String::new());
    // It is silent on purpose, once it has said where it is.
    let status = child.run(cancel, Duration::MAX, |line| match line {
        Line::Out(text) => match serde_json::from_str(&text) {
            Ok(at) => told = ready(&at),
            Err(_) => words.push_str(&text),
        },
        Line::Err(text) => words.push_str(&text),
    })?;
    told?;
    if status.success() {
        Ok(())
    } else {
        Err(Halt::Fault(anyhow!("the {name} ended ({status}). {words}")))
    }
}
