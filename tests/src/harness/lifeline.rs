//! When to give up: whoever started the checker is gone, or somebody asked it to stop.

use tokio::sync::oneshot;

/// Ends when the program's standard input ends, or at SIGINT or SIGTERM.
///
/// The caller then drops what runs, which kills every server. A program that is killed itself cannot do
/// that; but whoever starts the checker holds its standard input, and what holds it may die in any way.
#[derive(Debug)]
pub struct Lifeline {
    input_ended: oneshot::Receiver<()>,
}

impl Lifeline {
    /// Watches standard input, throwing away what comes from there.
    pub fn from_stdin() -> Self {
        let (sender, input_ended) = oneshot::channel();
        // A thread of its own: a read from standard input cannot be given up, and the runtime would wait for it.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            let _ = sender.send(());
        });
        Self { input_ended }
    }

    /// Waits for the end; returns what ended, as the rest of a sentence.
    pub async fn cut(self) -> &'static str {
        tokio::select! {
            _ = self.input_ended => "standard input ended",
            signal = stop_signal() => signal,
        }
    }
}

/// Waits for SIGINT or SIGTERM (elsewhere Ctrl-C).
async fn stop_signal() -> &'static str {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = tokio::signal::ctrl_c() => "Ctrl-C",
            };
        }
    }
    let _ = tokio::signal::ctrl_c().await;
    "Ctrl-C"
}
