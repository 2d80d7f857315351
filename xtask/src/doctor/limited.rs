//! Running a program that may not hang.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a program said.
pub(super) struct Said {
    /// Whether it ended with exit code 0.
    pub(super) success: bool,
    /// Its standard output.
    pub(super) stdout: String,
    /// Its standard error.
    pub(super) stderr: String,
}

/// Runs a program to its end, or for `limit`, and collects what it prints.
///
/// # Errors
/// It cannot be started, or is killed at the limit.
pub(super) fn run(command: &mut Command, limit: Duration) -> Result<Said> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().context("the program is lost")? {
            break status;
        }
        if Instant::now() >= deadline {
            // It may have ended in this very moment; either way it is gone afterwards.
            let _ = child.kill();
            let _ = child.wait();
            bail!("{program} did not end within {} s", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(5));
    };
    // A grandchild could hold the pipes open for ever, so this waits no longer than that either.
    let rest = Duration::from_secs(2);
    Ok(Said {
        success: status.success(),
        stdout: stdout.recv_timeout(rest).unwrap_or_default(),
        stderr: stderr.recv_timeout(rest).unwrap_or_default(),
    })
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before an error is still worth showing.
            let _ = pipe.read_to_end(&mut bytes);
        }
        // Nobody listens any more after the limit.
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() {
        let began = Instant::now();
        let error = run(Command::new("sleep").arg("60"), Duration::from_millis(50))
            .err()
            .expect("it must not wait");
        assert!(error.to_string().contains("did not end"));
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn both_streams_are_read() {
        let said = run(
            Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]),
            Duration::from_secs(10),
        )
        .expect("sh runs");
        assert_eq!(
            (said.success, said.stdout.trim(), said.stderr.trim()),
            (false, "out", "err")
        );
    }
}
