//! One server process: started in a group of its own, watched, and killed with all it has started.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::process::Command;
use tokio::sync::{mpsc, watch};

use super::log::ProcessLog;

/// How the server's standard input and output are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Pipes, as most hosts use.
    #[default]
    Pipes,
    /// Socket pairs, as hosts written for Node use. Unix only; elsewhere pipes.
    Sockets,
}

/// What to start.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    pub command: OsString,
    pub arguments: Vec<OsString>,
    pub folder: Option<PathBuf>,
    /// Set, or removed if there is no value; later entries win.
    pub environment: Vec<(OsString, Option<OsString>)>,
    pub connection: Connection,
}

/// The client's end of a server's standard input.
pub(super) type Input = Box<dyn AsyncWrite + Send + Unpin>;
/// The client's end of a server's standard output or standard error.
pub(super) type Output = Box<dyn AsyncRead + Send + Unpin>;

/// The three streams of a process.
pub(super) struct Streams {
    pub stdin: Input,
    pub stdout: Output,
    pub stderr: Output,
}

/// What the process is to be told.
#[derive(Debug)]
enum Order {
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has signals"))]
    Terminate,
    Kill,
}

/// A handle to a running process. When it and its clones are dropped, the whole group is killed.
#[derive(Debug, Clone)]
pub(super) struct Process {
    orders: mpsc::UnboundedSender<Order>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

impl Process {
    /// Tells the process group to stop (SIGTERM). Unix only; elsewhere nothing happens.
    pub(super) fn terminate(&self) {
        #[cfg(unix)]
        let _ = self.orders.send(Order::Terminate);
    }

    /// The right to kill the process group. It does not keep the process alive.
    pub(super) fn killer(&self) -> Killer {
        Killer(self.orders.downgrade())
    }

    /// Waits until the process has ended by itself or by a signal.
    pub(super) async fn exited(&self) -> Option<ExitStatus> {
        let mut exit = self.exit.clone();
        exit.wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|status| *status)
    }
}

/// See [`Process::killer`].
#[derive(Debug, Clone)]
pub(super) struct Killer(mpsc::WeakUnboundedSender<Order>);

impl Killer {
    /// Kills the process group.
    pub(super) fn kill(&self) {
        if let Some(orders) = self.0.upgrade() {
            // Without a receiver the process is gone already.
            let _ = orders.send(Order::Kill);
        }
    }
}

/// A child with all that it has started. Dropping it kills them, whatever way that comes about: the
/// end of a check, its time limit, a panic, or the end of the whole program.
struct Group(Box<dyn ChildWrapper>);

impl Drop for Group {
    fn drop(&mut self) {
        // An error means that nobody is left.
        let _ = self.0.start_kill();
    }
}

/// Starts a process. The future that comes with it watches over the process and has to be polled
/// until it ends; dropping it kills the group.
pub(super) fn start(
    launch: &Launch,
    log: Arc<ProcessLog>,
) -> std::io::Result<(Process, Streams, impl Future<Output = ()> + Send + 'static)> {
    let mut command = Command::new(&launch.command);
    command.args(&launch.arguments);
    if let Some(folder) = &launch.folder {
        command.current_dir(folder);
    }
    for (name, value) in &launch.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stderr(Stdio::piped());
    let sockets = connect(&mut command, launch.connection)?;

    let mut wrap = CommandWrap::from(command);
    #[cfg(unix)]
    wrap.wrap(process_wrap::tokio::ProcessGroup::leader());
    #[cfg(windows)]
    wrap.wrap(process_wrap::tokio::JobObject);
    let mut group = Group(wrap.spawn()?);
    // The command holds the child's ends of the socket pairs: without this, no end would ever be seen.
    drop(wrap);

    let child = &mut group.0;
    let missing = || std::io::Error::other("the process has no pipes");
    let stderr = Box::new(child.stderr().take().ok_or_else(missing)?);
    let (stdin, stdout) = match sockets {
        Some(ends) => ends,
        None => (
            Box::new(child.stdin().take().ok_or_else(missing)?) as Input,
            Box::new(child.stdout().take().ok_or_else(missing)?) as Output,
        ),
    };
    let streams = Streams {
        stdin,
        stdout,
        stderr,
    };

    let (orders, mut inbox) = mpsc::unbounded_channel();
    let (told, exit) = watch::channel(None);
    let watch_over = async move {
        let mut running = true;
        while running {
            tokio::select! {
                status = group.0.wait() => {
                    if let Ok(status) = status {
                        log.ended(status);
                        let _ = told.send(Some(status));
                    }
                    running = false;
                }
                order = inbox.recv() => match order {
                    #[cfg(unix)]
                    Some(Order::Terminate) => { let _ = group.0.signal(SIGTERM); }
                    Some(_) | None => {
                        log.killed();
                        let _ = group.0.start_kill();
                        if let Ok(status) = group.0.wait().await {
                            let _ = told.send(Some(status));
                        }
                        return;
                    }
                },
            }
        }
        // The process is gone; what it has started may still live until nobody is interested any more.
        while !matches!(inbox.recv().await, None | Some(Order::Kill)) {}
    };
    Ok((Process { orders, exit }, streams, watch_over))
}

/// The number of the signal, the same on every Unix.
#[cfg(unix)]
const SIGTERM: i32 = 15;

#[cfg(unix)]
fn connect(command: &mut Command, how: Connection) -> std::io::Result<Option<(Input, Output)>> {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    if how == Connection::Pipes {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        return Ok(None);
    }
    let ours = |pair: UnixStream| -> std::io::Result<tokio::net::UnixStream> {
        pair.set_nonblocking(true)?;
        tokio::net::UnixStream::from_std(pair)
    };
    let (stdin, childs_stdin) = UnixStream::pair()?;
    let (stdout, childs_stdout) = UnixStream::pair()?;
    command.stdin(Stdio::from(OwnedFd::from(childs_stdin)));
    command.stdout(Stdio::from(OwnedFd::from(childs_stdout)));
    Ok(Some((Box::new(ours(stdin)?), Box::new(ours(stdout)?))))
}

#[cfg(not(unix))]
fn connect(command: &mut Command, _how: Connection) -> std::io::Result<Option<(Input, Output)>> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(None)
}
