//! On Windows: a job object. Not tested there.

use std::io;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};

use process_wrap::std::{ChildWrapper, CommandWrap, JobObject};

/// A child with a job of its own. Dropping it ends nothing: see [`Group::kill`].
#[derive(Debug)]
pub struct Group {
    child: Box<dyn ChildWrapper>,
}

impl Group {
    /// Starts `command` in a job of its own.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(command: Command) -> io::Result<Self> {
        let child = CommandWrap::from(command).wrap(JobObject).spawn()?;
        Ok(Self { child })
    }

    /// The child's standard input, if it is a pipe and was not taken before.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin().take()
    }

    /// The child's standard output, if it is a pipe and was not taken before.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout().take()
    }

    /// The child's standard error, if it is a pipe and was not taken before.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr().take()
    }

    /// How the child ended; none while it runs. What it has left behind does not count.
    ///
    /// # Errors
    /// The child cannot be waited for.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// How the child ended; none while it runs. Then what it has left behind is killed too.
    ///
    /// # Errors
    /// The child cannot be waited for.
    pub fn try_finish(&mut self) -> io::Result<Option<ExitStatus>> {
        let ended = self.child.try_wait()?;
        if ended.is_some() {
            // An error means that nobody is left.
            let _ = self.child.start_kill();
        }
        Ok(ended)
    }

    /// There is no polite way here: says that nobody could be asked.
    pub fn ask_to_end(&mut self) -> bool {
        false
    }

    /// Kills all of the job and waits for the child, unless the child has ended already.
    pub fn kill(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            // A killed child ends; there is nobody to tell about anything else.
            let _ = self.child.start_kill();
            let _ = self.child.wait();
        }
    }
}
