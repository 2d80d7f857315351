//! Asking a program that may not hang.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::cancel::{Cancel, Halt};
use crate::process::{Child, Input, Line};

/// What a program said.
#[derive(Default)]
pub(super) struct Said {
    /// Whether it ended with exit code 0.
    pub(super) success: bool,
    /// Its standard output.
    pub(super) stdout: String,
    /// Its standard error.
    pub(super) stderr: String,
}

/// Runs a program to its end, or until it has been silent for `limit`, and collects what it prints.
///
/// # Errors
/// It cannot be started, or is killed at the limit.
pub(super) fn run(command: Command, limit: Duration) -> Result<Said> {
    let mut said = Said::default();
    let child = Child::start(command, Input::Null)?;
    let ended = child.run(&Cancel::default(), limit, |line| {
        let (stream, line) = match &line {
            Line::Out(line) => (&mut said.stdout, line),
            Line::Err(line) => (&mut said.stderr, line),
        };
        stream.push_str(line);
        stream.push('\n');
    });
    match ended {
        Ok(status) => {
            said.success = status.success();
            Ok(said)
        }
        Err(Halt::Fault(error)) => Err(error),
        Err(halt @ Halt::Cancelled) => Err(halt.into()),
    }
}
