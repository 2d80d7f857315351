//! Signals: the one place where systems differ.

use std::io;

use tokio_util::sync::CancellationToken;

/// A token that is cancelled when the process is told to stop, by SIGTERM or by Ctrl-C.
///
/// # Errors
/// The system refuses the signal handlers.
#[cfg(unix)]
pub fn stop_token() -> io::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};

    // The handlers are in place from here on, not only once somebody waits for them.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
            _ = interrupt.recv() => tracing::info!("stopping: SIGINT"),
        }
        told.cancel();
    });
    Ok(stop)
}

/// A token that is never cancelled: elsewhere the system ends the process by itself (untested).
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn stop_token() -> io::Result<CancellationToken> {
    Ok(CancellationToken::new())
}
