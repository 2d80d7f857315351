//! Commands that are measured as a learner runs them: from outside, with all they start.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::fault;
use crate::cancel::{Cancel, Halt};
use crate::group::Group;

/// How often a command is looked at.
const TICK: Duration = Duration::from_millis(5);
/// How long a command may take to end what it has started itself.
const GRACE: Duration = Duration::from_secs(5);
/// How many of its last lines are quoted when something is wrong.
const QUOTED: usize = 3;

/// A command that runs; dropping it ends it and all that it has started.
pub(super) struct Outer {
    group: Group,
    log: PathBuf,
    /// When it was started.
    pub(super) began: Instant,
}

impl Outer {
    /// Starts it with its output in the file `log`: no terminal and no pipe that could hold it up.
    pub(super) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let file =
            File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        command
            .stdin(Stdio::null())
            .stderr(file.try_clone()?)
            .stdout(file);
        let name = command.get_program().to_string_lossy().into_owned();
        let began = Instant::now();
        let group = Group::start(command).with_context(|| format!("{name} cannot be started"))?;
        Ok(Self {
            group,
            log: log.to_owned(),
            began,
        })
    }

    /// Looks until `found` has something, for at most `limit`.
    pub(super) fn until<T>(
        &mut self,
        limit: Duration,
        cancel: &Cancel,
        mut found: impl FnMut(&str) -> Option<T>,
    ) -> Result<T, Halt> {
        loop {
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(found) = found(&said) {
                return Ok(found);
            }
            if let Some(status) = self.ended()? {
                return Err(fault(format!(
                    "it ended too early ({status}): {}",
                    self.last_words()
                )));
            }
            self.within(limit, cancel)?;
        }
    }

    /// Waits for the end, for at most `limit`.
    pub(super) fn end(
        mut self,
        limit: Duration,
        cancel: &Cancel,
    ) -> Result<(ExitStatus, Duration), Halt> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok((status, self.began.elapsed()));
            }
            self.within(limit, cancel)?;
        }
    }

    /// The last of what it has said.
    pub(super) fn last_words(&self) -> String {
        last_words(&self.log)
    }

    fn within(&self, limit: Duration, cancel: &Cancel) -> Result<(), Halt> {
        if cancel.is_cancelled() {
            return Err(Halt::Cancelled);
        }
        if self.began.elapsed() > limit {
            let seconds = limit.as_secs();
            return Err(fault(format!(
                "stopped after {seconds} s: {}",
                self.last_words()
            )));
        }
        thread::sleep(TICK);
        Ok(())
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.group.try_wait().context("a command is lost")
    }
}

impl Drop for Outer {
    fn drop(&mut self) {
        // Told to end, it ends the compilers that it has started; killed, it could not.
        let told = Instant::now();
        let heard = self.group.ask_to_end();
        while heard && told.elapsed() < GRACE && matches!(self.group.try_wait(), Ok(None)) {
            thread::sleep(TICK);
        }
        self.group.kill();
    }
}

/// The last lines of a log, in one.
pub(super) fn last_words(log: &Path) -> String {
    let said = fs::read(log).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let from = lines.len().saturating_sub(QUOTED);
    lines[from..].join(" / ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, log: &str) -> (Outer, PathBuf) {
        let log = std::env::temp_dir().join(format!("bench-{}-{log}", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        (Outer::start(command, &log).expect("sh can be started"), log)
    }

    #[test]
    fn the_end_and_the_time_are_told() {
        let (outer, log) = shell("sleep 0.1; exit 3", "end");
        let ended = outer.end(Duration::from_secs(5), &Cancel::default());
        let (status, took) = ended.expect("it ends");
        assert_eq!(status.code(), Some(3));
        assert!(took >= Duration::from_millis(100));
        fs::remove_file(log).expect("the log is there");
    }

    #[test]
    fn waiting_has_a_limit() {
        let (outer, log) = shell("echo on my way; sleep 60", "limit");
        let ended = outer.end(Duration::from_millis(200), &Cancel::default());
        assert!(
            matches!(ended, Err(Halt::Fault(error)) if error.to_string().contains("on my way"))
        );
        fs::remove_file(log).expect("the log is there");
    }

    #[test]
    fn an_early_end_is_no_answer() {
        let (mut outer, log) = shell("echo too bad", "early");
        let found = outer.until(Duration::from_secs(5), &Cancel::default(), |_| None::<()>);
        assert!(matches!(found, Err(Halt::Fault(error)) if error.to_string().contains("too bad")));
        fs::remove_file(log).expect("the log is there");
    }
}
