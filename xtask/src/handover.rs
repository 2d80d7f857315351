//! Handing the terminal over to another program until it ends.

use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::cancel::Cancel;

/// How often the program is looked at.
const TICK: Duration = Duration::from_millis(20);
/// How long a program may take to end after Ctrl-C, which reaches it too.
const GRACE: Duration = Duration::from_secs(3);

/// Runs a program with this terminal as its own, and says how it ended.
///
/// Ctrl-C reaches every process at the terminal, so the program ends by itself; `cancel` must be the handle
/// that signals cancel. If only this process was told to end, or the program does not listen, it is killed.
///
/// # Errors
/// The program cannot be started or waited for.
pub fn hand_over(command: &mut Command, cancel: &Cancel) -> Result<ExitStatus> {
    within(command.stdin(Stdio::inherit()), cancel, GRACE)
}

/// As [`hand_over`], for a program that reads nothing: its standard input is a pipe that ends when this
/// process does, however it ends.
///
/// # Errors
/// The program cannot be started or waited for.
pub fn hand_over_on_lifeline(command: &mut Command, cancel: &Cancel) -> Result<ExitStatus> {
    within(command.stdin(Stdio::piped()), cancel, GRACE)
}

fn within(command: &mut Command, cancel: &Cancel, grace: Duration) -> Result<ExitStatus> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let mut told: Option<Instant> = None;
    loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("{program} cannot be waited for"))?
        {
            return Ok(status);
        }
        if told.is_none() && cancel.is_cancelled() {
            told = Some(Instant::now());
            // A program on a lifeline ends by itself now, with all that it started, even if the signal came here alone.
            drop(child.stdin.take());
        }
        if told.is_some_and(|since| since.elapsed() > grace) {
            // It may be gone in this very moment; the wait in the next round tells.
            let _ = child.kill();
        }
        thread::sleep(TICK);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_program_is_told() {
        let status = hand_over(
            Command::new("sh").args(["-c", "exit 7"]),
            &Cancel::default(),
        );
        assert_eq!(status.expect("sh runs").code(), Some(7));
    }

    #[test]
    fn whoever_is_told_alone_cuts_the_lifeline() {
        let cancel = Cancel::default();
        cancel.cancel();
        let status = within(
            Command::new("cat")
                .stdin(Stdio::piped())
                .stdout(Stdio::null()),
            &cancel,
            Duration::from_secs(60),
        );
        assert_eq!(status.expect("cat runs").code(), Some(0), "ended by itself");
    }

    #[test]
    fn a_program_that_does_not_listen_is_ended() {
        let cancel = Cancel::default();
        cancel.cancel();
        let status = within(
            Command::new("sleep").arg("60"),
            &cancel,
            Duration::from_millis(10),
        );
        assert_eq!(status.expect("sleep runs").code(), None, "killed");
    }
}
