//! What happens once around serving, and what at each call.

use std::io;

use crate::journal::Journal;
use crate::serve::{self, ServeError};
use crate::server::Greeter;
use crate::signals;

/// The life of the process, from its start to the client's hang-up or a signal.
///
/// # Errors
/// Whatever kept the server from serving, or from ending properly.
pub async fn run(server: Greeter) -> Result<(), ServeError> {
    // First of all: a signal can come at any moment, before the first message too.
    let stop = signals::stop_token()?;
    let journal = before_serving()?;
    // No `?` on this line: what was opened is closed, however serving ended.
    let served = serve::serve(server, stop).await;
    after_serving(journal)?;
    served
}

/// Opens what lives as long as the process.
///
/// The handler's `on_initialized` is no place for it: modern clients never send that notification.
///
/// # Errors
/// The journal cannot be written.
pub fn before_serving() -> io::Result<Option<Journal>> {
    // Exercise 1.6 begins. Hint: cargo xtask hint 1.6
    Ok(None)
    // Exercise 1.6 ends.
}

/// Closes what [`before_serving`] opened.
///
/// # Errors
/// The journal cannot be written.
pub fn after_serving(journal: Option<Journal>) -> io::Result<()> {
    // Exercise 1.6-b begins. Hint: cargo xtask hint 1.6
    drop(journal);
    Ok(())
    // Exercise 1.6-b ends.
}

/// What happens before each tool call.
///
/// # Errors
/// The journal cannot be written.
pub fn at_each_call() -> io::Result<()> {
    // Exercise 1.6-c begins. Hint: cargo xtask hint 1.6
    Journal::open()?.close()
    // Exercise 1.6-c ends.
}
