//! On Unix: a process group, led by the child.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

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

    /// How the child ended; none while it runs. Then what it has left behind is killed too.
    ///
    /// # Errors
    /// The child cannot be waited for.
    pub fn try_finish(&mut self) -> io::Result<Option<ExitStatus>> {
        let pid = Pid::from_child(&self.leader);
        // A look only: until the child is waited for, its number and with it the group's belongs to nobody else.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(pid), look) {
            Ok(None) => return Ok(None),
            Ok(Some(_)) => {
                // An error means that nobody is left.
                let _ = kill_process_group(pid, Signal::KILL);
            }
            // It was waited for before: the number may be somebody else's.
            Err(_) => {}
        }
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

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::Stdio;
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    #[test]
    fn what_a_child_leaves_behind_ends_with_it() {
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 600 & exit 3"])
            .stdout(Stdio::piped());
        let mut group = Group::start(command).expect("sh can be started");
        let mut output = group.stdout().expect("a pipe");
        let began = Instant::now();
        let status = loop {
            if let Some(status) = group.try_finish().expect("can be waited for") {
                break status;
            }
            assert!(began.elapsed() < LIMIT, "the shell goes on");
            thread::sleep(Duration::from_millis(5));
        };
        assert_eq!(status.code(), Some(3));
        assert_eq!(group.try_finish().expect("still known"), Some(status));
        // The sleeper holds the other end of the pipe, which ends with the last process that does.
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || sender.send(output.read_to_end(&mut Vec::new()).is_ok()));
        assert_eq!(ended.recv_timeout(LIMIT), Ok(true));
    }
}
