//! How the server is told to end.

use std::{io, thread};

use anyhow::{Context, Result};
use tokio::sync::oneshot;

/// Waits for Ctrl-C, for the system's wish, for a closed terminal and, with `lifeline`, for the end of standard
/// input: whoever started this program holds it, and may die in any way.
///
/// # Errors
/// Signals cannot be waited for.
pub(super) async fn told(lifeline: bool) -> Result<()> {
    tokio::select! {
        told = signal() => told.context("signals cannot be waited for"),
        () = end_of_input(), if lifeline => Ok(()),
    }
}

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// Not tested on Windows.
#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn end_of_input() {
    let (ended, told) = oneshot::channel();
    // A thread of its own: tokio's would keep the program until a line comes.
    thread::spawn(move || {
        // An input that cannot be read has ended too.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        // The server may have ended for another reason.
        let _ = ended.send(());
    });
    // Both ways of ending mean the same.
    let _ = told.await;
}
