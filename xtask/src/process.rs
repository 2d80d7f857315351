//! Child processes that cannot outlive their work, read line by line.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::cancel::{Cancel, Halt};
use crate::checker::time_factor;
use crate::group::Group;

/// How often a wait looks whether it is to stop.
const TICK: Duration = Duration::from_millis(10);
/// Lines that may wait to be read: a flood must not fill the memory.
const WAITING_LINES: usize = 4096;
/// How long output is read after the process has ended, if something else still holds the pipe.
const AFTER_END: Duration = Duration::from_millis(300);
/// How long a child has to end by itself when its lifeline is cut: it may have children to end first.
const AFTER_CUT: Duration = Duration::from_secs(2);

/// One line of a child's output, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// From standard output.
    Out(String),
    /// From standard error.
    Err(String),
}

/// A child process that leads a group of its own; dropping it kills the whole group.
pub struct Child {
    group: Group,
    lines: Receiver<Line>,
    /// Kept open for children that end when it closes.
    lifeline: Option<ChildStdin>,
}

/// What a child's standard input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Nothing to read.
    Null,
    /// A pipe that closes when this process ends, however it ends.
    Lifeline,
}

impl Child {
    /// Starts `command` with its output in pipes.
    ///
    /// # Errors
    /// Names the program that cannot be started.
    pub fn start(mut command: Command, input: Input) -> anyhow::Result<Self> {
        command
            .stdin(match input {
                Input::Null => Stdio::null(),
                Input::Lifeline => Stdio::piped(),
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let program = command.get_program().to_owned();
        let mut group = Group::start(command)
            .with_context(|| format!("{} cannot be started", shown(&program)))?;
        let (sender, lines) = mpsc::sync_channel(WAITING_LINES);
        if let Some(pipe) = group.stdout() {
            read_lines(pipe, sender.clone(), Line::Out);
        }
        if let Some(pipe) = group.stderr() {
            read_lines(pipe, sender, Line::Err);
        }
        let lifeline = group.stdin();
        Ok(Self {
            group,
            lines,
            lifeline,
        })
    }

    /// Reads every line until the process has ended.
    ///
    /// # Errors
    /// [`Halt::Cancelled`] when `cancel` says so; a fault when nothing was heard for `silence`, or
    /// when the process cannot be waited for.
    pub fn run(
        mut self,
        cancel: &Cancel,
        silence: Duration,
        mut on_line: impl FnMut(Line),
    ) -> Result<ExitStatus, Halt> {
        let mut heard = Instant::now();
        let mut ended: Option<(ExitStatus, Instant)> = None;
        // On a busy machine the last line may be read a while after it was written.
        let after_end = AFTER_END.mul_f64(time_factor());
        loop {
            match self.lines.recv_timeout(TICK) {
                Ok(line) => {
                    heard = Instant::now();
                    on_line(line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                // Both pipes are closed: the process ends now, or within a moment.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(1)),
            }
            if cancel.is_cancelled() {
                return Err(Halt::Cancelled);
            }
            if ended.is_none() {
                let status = self.group.try_wait().context("a child process is lost")?;
                ended = status.map(|status| (status, Instant::now()));
            }
            if let Some((status, since)) = ended {
                match self.lines.try_recv() {
                    Ok(line) => on_line(line),
                    Err(mpsc::TryRecvError::Empty) if since.elapsed() < after_end => {}
                    Err(_) => return Ok(status),
                }
            } else if heard.elapsed() > silence {
                return Err(Halt::Fault(anyhow!(
                    "nothing was heard for {} s, so it was stopped",
                    silence.as_secs()
                )));
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.lifeline.take().is_some() {
            let cut = Instant::now();
            while cut.elapsed() < AFTER_CUT && matches!(self.group.try_wait(), Ok(None)) {
                // Whoever cannot write cannot end: what it still says is read and forgotten.
                while self.lines.try_recv().is_ok() {}
                thread::sleep(TICK);
            }
        }
        self.group.kill();
    }
}

fn shown(program: &OsStr) -> String {
    program.to_string_lossy().into_owned()
}

/// Sends every line; cargo's progress bar ends its lines with a carriage return.
fn read_lines(
    mut pipe: impl Read + Send + 'static,
    sender: SyncSender<Line>,
    make: fn(String) -> Line,
) {
    thread::spawn(move || {
        let mut chunk = [0; 16 * 1024];
        let mut pending = Vec::new();
        loop {
            let read = match pipe.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            for piece in chunk[..read].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
                pending.extend_from_slice(piece);
                if matches!(pending.last(), Some(b'\n' | b'\r')) {
                    pending.pop();
                    let line = String::from_utf8_lossy(&pending).into_owned();
                    pending.clear();
                    if sender.send(make(line)).is_err() {
                        return;
                    }
                }
            }
        }
        if !pending.is_empty() {
            // Whoever listened is gone: there is nothing left to do.
            let _ = sender.send(make(String::from_utf8_lossy(&pending).into_owned()));
        }
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Child {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Child::start(command, Input::Null).expect("sh can be started")
    }

    #[test]
    fn every_line_is_read_and_the_exit_code_told() {
        let mut seen = Vec::new();
        let status = shell("echo one; echo two >&2; printf half; exit 3")
            .run(&Cancel::default(), Duration::from_secs(5), |line| {
                seen.push(line);
            })
            .expect("ends by itself");
        assert_eq!(status.code(), Some(3));
        assert!(seen.contains(&Line::Out("one".into())));
        assert!(seen.contains(&Line::Err("two".into())));
        assert!(seen.contains(&Line::Out("half".into())));
    }

    #[test]
    fn a_cancelled_child_takes_its_own_children_along() {
        let cancel = Cancel::default();
        let mut inner = String::new();
        let ended =
            shell("sleep 60 & echo $!; wait").run(&cancel, Duration::from_secs(5), |line| {
                if let Line::Out(id) = line {
                    inner = id;
                    cancel.cancel();
                }
            });
        assert!(matches!(ended, Err(Halt::Cancelled)));
        let deadline = Instant::now() + Duration::from_secs(5);
        let alive = || {
            let status = Command::new("kill")
                .args(["-0", &inner])
                .stderr(Stdio::null())
                .status();
            status.is_ok_and(|status| status.success())
        };
        // A killed orphan is gone as soon as the system has reaped it.
        while alive() && !is_zombie(&inner) {
            assert!(Instant::now() < deadline, "process {inner} still runs");
            thread::sleep(TICK);
        }
    }

    fn is_zombie(id: &str) -> bool {
        std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|text| text.contains(") Z"))
    }

    #[test]
    fn silence_has_a_limit() {
        let ended = shell("sleep 60").run(&Cancel::default(), Duration::from_millis(50), |_| {});
        assert!(matches!(ended, Err(Halt::Fault(_))));
    }
}
