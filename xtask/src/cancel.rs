//! Stopping work that is under way: a newer save, a key, Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::{consts, flag};

/// How the machine and the terminal ask a program to end.
#[cfg(unix)]
const SIGNALS: &[i32] = &[consts::SIGINT, consts::SIGTERM, consts::SIGHUP];
/// Not tested on Windows.
#[cfg(windows)]
const SIGNALS: &[i32] = &[consts::SIGINT, consts::SIGTERM];

/// A handle that any thread can use to stop a piece of work. Clones stop the same work.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    stopped: Arc<AtomicBool>,
}

impl Cancel {
    /// Stops the work: its child processes are killed, and it returns [`Halt::Cancelled`].
    pub fn cancel(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// Whether the work is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// A handle that Ctrl-C, SIGTERM and a closed terminal cancel. One a process.
    ///
    /// # Errors
    /// The signal handler cannot be set.
    pub fn on_signals() -> anyhow::Result<Self> {
        let cancel = Self::default();
        for signal in SIGNALS {
            flag::register(*signal, cancel.stopped.clone())?;
        }
        Ok(cancel)
    }
}

/// Why a piece of work ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// Somebody asked for it.
    #[error("stopped")]
    Cancelled,
    /// The workbook or the machine is at fault.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}
