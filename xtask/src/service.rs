//! A service beside the servers, run by the checker for as long as somebody needs it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde::de::DeserializeOwned;
use verdict::HostedAt;

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

/// How long the server may be silent: it has nothing to say until somebody calls.
const SILENCE: Duration = Duration::MAX;

/// Runs a server over HTTP, with all that it needs beside it, until it ends or `cancel` says so. `ready` hears where it is.
/// What the server writes goes to standard error.
///
/// # Errors
/// Cancelled; the server does not start, or ends; what `ready` returns.
pub fn host(
    checker: &Path,
    ports: [(&str, u16); 3],
    server: &Path,
    cancel: &Cancel,
    mut ready: impl FnMut(&HostedAt) -> Result<()>,
) -> Result<(), Halt> {
    let mut command = Command::new(checker);
    command.arg("host");
    for (option, port) in ports {
        command.args([option, &port.to_string()]);
    }
    command.arg("--").arg(server);
    let child = Child::start(command, Input::Lifeline)?;
    let mut told = Ok(());
    let status = child.run(cancel, SILENCE, |line| match line {
        Line::Out(text) => {
            if let Ok(at) = serde_json::from_str(&text) {
                told = ready(&at);
            }
        }
        // Whoever runs a server wants to see its log.
        Line::Err(text) => eprintln!("{text}"),
    })?;
    told?;
    Err(Halt::Fault(anyhow!(
        "the server does not run any more ({status}); what it wrote stands above"
    )))
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
