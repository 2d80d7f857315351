//! On Unix: a process group, led by the child.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process_group};

/// A child that leads a group of processes. Dropping it ends nothing: see [`Group::kill`].
#[derive(Debug)]
pub struct Group {
    leader: Child,
}

impl Group {
    /// Starts `command` at the head of a group of its own.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let leader = command.process_group(0).spawn()?;
        Ok(Self { leader })
    }

    /// The child's standard input, if it is a pipe and was not taken before.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.leader.stdin.take()
    }

    /// The child's standard output, if it is a pipe and was not taken before.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.leader.stdout.take()
    }

    /// The child's standard error, if it is a pipe and was not taken before.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.leader.stderr.take()
    }

    /// How the child ended; none while it runs. What it has left behind does not count.
    ///
    /// # Errors
    /// The child cannot be waited for.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.leader.try_wait()
    }

    /// Asks the whole group to end (SIGTERM), and says whether it could be asked.
    pub fn ask_to_end(&mut self) -> bool {
        self.signal(Signal::TERM)
    }

    /// Kills the whole group and waits for the child, unless the child has ended already.
    pub fn kill(&mut self) {
        if self.signal(Signal::KILL) {
            // A killed child ends; there is nobody to tell about anything else.
            let _ = self.leader.wait();
        }
    }

    fn signal(&mut self, signal: Signal) -> bool {
        // As long as the child was not waited for, its number belongs to nobody else.
        matches!(self.leader.try_wait(), Ok(None))
            && kill_process_group(Pid::from_child(&self.leader), signal).is_ok()
    }
}
