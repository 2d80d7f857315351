//! How a command ends: exit codes, and errors that carry one.

use std::fmt;
use std::process::ExitCode;

/// How a command ended. The number is the exit code of `cargo xtask`.
///
/// The order is the order of weight: of several, the greatest is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Everything that was asked for is as it should be.
    Done = 0,
    /// Some checks do not pass yet.
    NotYet = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The learner's crate does not compile, or cargo refuses its manifest.
    DoesNotBuild = 3,
    /// The workbook or the machine is at fault.
    Fault = 4,
    /// Ctrl-C, as shells count it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error that knows its exit code. Any other error ends with [`Exit::Fault`].
#[derive(Debug)]
pub struct Stop {
    /// The exit code.
    pub exit: Exit,
    /// What is wrong and what to do next, in whole sentences.
    pub message: String,
}

impl Stop {
    /// The command line makes no sense.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self::with(Exit::Usage, message)
    }

    /// The learner's crate stands in the way.
    pub fn does_not_build(message: impl Into<String>) -> anyhow::Error {
        Self::with(Exit::DoesNotBuild, message)
    }

    /// The workbook or the machine is at fault.
    pub fn fault(message: impl Into<String>) -> anyhow::Error {
        Self::with(Exit::Fault, message)
    }

    fn with(exit: Exit, message: impl Into<String>) -> anyhow::Error {
        let message = message.into();
        anyhow::Error::new(Self { exit, message })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Stop {}
