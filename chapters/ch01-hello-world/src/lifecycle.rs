//! What happens once around serving, and what at each call.

use crate::journal::{Journal, JournalError};
use crate::serve::{self, ServeError};
use crate::server::Greeter;
use crate::signals;

/// Why the server ended with an error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The system refused the signal handlers.
    #[error("cannot listen for signals: {0}")]
    Signals(#[from] std::io::Error),
    /// The journal could not be opened or closed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Serving failed.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// The life of the process, from its start to the client's hang-up or a signal.
///
/// # Errors
/// Whatever kept the server from serving or from ending properly.
pub async fn run(server: Greeter) -> Result<(), RunError> {
    // First of all: a signal can come at any moment, before the first message too.
    let stop = signals::stop_token()?;
    let journal = before_serving()?;
    let served = serve::serve(server, stop).await;
    // No `?` on the line above: what was opened is closed, whatever happened in between.
    after_serving(journal)?;
    Ok(served?)
}

/// Opens what lives as long as the process.
///
/// The handler's `on_initialized` is no place for it: a modern client never sends that notification.
///
/// # Errors
/// The journal cannot be written.
pub fn before_serving() -> Result<Option<Journal>, JournalError> {
    // Exercise 1.6 begins. Hint: cargo xtask hint 1.6
    Ok(None)
    // Exercise 1.6 ends.
}

/// Closes what [`before_serving`] opened.
///
/// # Errors
/// The journal cannot be written.
pub fn after_serving(journal: Option<Journal>) -> Result<(), JournalError> {
    // Exercise 1.6-b begins. Hint: cargo xtask hint 1.6
    drop(journal);
    Ok(())
    // Exercise 1.6-b ends.
}

/// What happens before each tool call.
///
/// # Errors
/// The journal cannot be written.
pub fn at_each_call() -> Result<(), JournalError> {
    // Exercise 1.6-c begins. Hint: cargo xtask hint 1.6
    Journal::open()?.close()
    // Exercise 1.6-c ends.
}
