//! A running server: its three pipes, and its end.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWriteExt};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use verdict::From;
use xtask::group::Group;

use super::lines::{Line, Lines};

/// How long a server may take to end when its input does.
const AFTER_END_OF_INPUT: Duration = Duration::from_secs(2);
/// How long it may take after SIGTERM.
const AFTER_SIGNAL: Duration = Duration::from_secs(1);
/// Lines that may wait to be read. A server that writes more than the page takes waits itself.
const WAITING_LINES: usize = 8;
/// Lines that may wait for a server that reads none.
const WAITING_INPUT: usize = 1024;

/// What a process does.
#[derive(Debug)]
pub(super) struct Output {
    /// Standard output is [`From::Server`].
    pub(super) from: From,
    pub(super) line: Line,
}

/// A process and whatever it has started. Dropping it kills them all.
pub(super) struct Process {
    group: SharedGroup,
    input: Option<mpsc::Sender<String>>,
    tasks: Vec<JoinHandle<()>>,
    ending: Option<Ending>,
}

/// How far the end of a process has come that was asked to end.
#[derive(Debug, Clone, Copy)]
struct Ending {
    since: Instant,
    signalled: bool,
}

/// A group that can be killed from elsewhere, when the workbook itself ends.
#[derive(Debug, Clone)]
pub(super) struct SharedGroup(Arc<Mutex<Group>>);

impl SharedGroup {
    fn lock(&self) -> MutexGuard<'_, Group> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kills everything in it, what is left of a process that has ended included.
    pub(super) fn kill(&self) {
        let mut group = self.lock();
        if !matches!(group.try_finish(), Ok(Some(_))) {
            group.kill();
        }
    }
}

impl Process {
    /// Starts a program with these arguments, in `folder`, with this further environment.
    ///
    /// # Errors
    /// The system's reason why it cannot be started.
    pub(super) fn start(
        program: &Path,
        arguments: &[OsString],
        folder: &Path,
        environment: &[(String, String)],
    ) -> io::Result<(Self, mpsc::Receiver<Output>)> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut group = Group::start(command)?;
        let pipes = (group.stdin(), group.stdout(), group.stderr());
        let group = SharedGroup(Arc::new(Mutex::new(group)));
        let mut process = Self {
            group,
            input: None,
            tasks: Vec::new(),
            ending: None,
        };
        // From here on, an early return kills what was started.
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let (input, lines) = mpsc::channel(WAITING_INPUT);
        let (sender, output) = mpsc::channel(WAITING_LINES);
        let stdin = ChildStdin::from_std(stdin)?;
        let stdout = ChildStdout::from_std(stdout)?;
        let stderr = ChildStderr::from_std(stderr)?;
        process.input = Some(input);
        process.tasks = vec![
            tokio::spawn(write(stdin, lines)),
            tokio::spawn(read(From::Server, stdout, sender.clone())),
            tokio::spawn(read(From::Stderr, stderr, sender)),
        ];
        Ok((process, output))
    }

    /// For whoever must be able to kill it at any time.
    pub(super) fn group(&self) -> SharedGroup {
        self.group.clone()
    }

    /// Gives a line to the server. It is refused if the server does not read its input, or is ending.
    pub(super) fn send(&self, line: String) -> Result<(), &'static str> {
        match &self.input {
            None => Err("The server is being ended."),
            Some(input) => input.try_send(line).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => "The server does not read its input.",
                mpsc::error::TrySendError::Closed(_) => "The server has closed its input.",
            }),
        }
    }

    /// Begins to end it, politely: by the end of its input. [`Process::push`] does the rest.
    pub(super) fn ask_to_end(&mut self) {
        self.input = None;
        self.ending.get_or_insert(Ending {
            since: Instant::now(),
            signalled: false,
        });
    }

    /// Whether the console wants it to end.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    /// Goes further with a server that was asked to end and has not. Says what was done.
    pub(super) fn push(&mut self) -> Option<&'static str> {
        let ending = self.ending.as_mut()?;
        let waited = ending.since.elapsed();
        if !ending.signalled && waited > AFTER_END_OF_INPUT {
            ending.signalled = true;
            let asked = self.group.lock().ask_to_end();
            return asked.then_some("still there 2 s after the end of its input: sent SIGTERM");
        }
        if waited > AFTER_END_OF_INPUT + AFTER_SIGNAL {
            self.group.kill();
            return Some("still there: killed, with everything that it has started");
        }
        None
    }

    /// How it ended; none while it runs. Then nothing is left of what it has started.
    pub(super) fn ended(&self) -> io::Result<Option<ExitStatus>> {
        self.group.lock().try_finish()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.group.kill();
    }
}

/// Writes lines until nobody has any more; the end of the pipe is the end of the server's input.
async fn write(mut stdin: ChildStdin, mut lines: mpsc::Receiver<String>) {
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        // A server that has closed its input is not spoken to any more.
        if stdin.write_all(line.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
            return;
        }
    }
}

async fn read(from: From, pipe: impl AsyncRead + Unpin, sender: mpsc::Sender<Output>) {
    let mut lines = Lines::of(pipe);
    // A pipe that cannot be read has ended.
    while let Ok(Some(line)) = lines.next().await {
        if sender.send(Output { from, line }).await.is_err() {
            return;
        }
    }
}
