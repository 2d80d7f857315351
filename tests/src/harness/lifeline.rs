//! When to give up: whoever started the checker is gone, or somebody asked it to stop.

use tokio::sync::oneshot;

/// Ends when the program's standard input ends, or at SIGINT or SIGTERM.
///
/// The caller then drops what runs, which kills every server. A program that is killed itself cannot do
/// that; but whoever starts the checker holds its standard input, and what holds it may die in any way.
#[derive(Debug)]
pub struct Lifeline {
    input_ended: oneshot::Receiver<()>,
    signals: Signals,
}

impl Lifeline {
    /// Watches standard input, throwing away what comes from there, and signals: from now on they do not end the program by
    /// themselves. Must be called inside a tokio runtime.
    pub fn from_stdin() -> Self {
        let (sender, input_ended) = oneshot::channel();
        // A thread of its own: a read from standard input cannot be given up, and the runtime would wait for it.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            let _ = sender.send(());
        });
        Self {
            input_ended,
            signals: Signals::watch(),
        }
    }

    /// Waits for the end; returns what ended, as the rest of a sentence.
    pub async fn cut(self) -> &'static str {
        tokio::select! {
            _ = self.input_ended => "standard input ended",
            signal = self.signals.first() => signal,
        }
    }
}

/// SIGINT and SIGTERM.
#[cfg(unix)]
#[derive(Debug)]
struct Signals(Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Signals {
    fn watch() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Where they cannot be had, they end the program in their own way.
        let interrupt = signal(SignalKind::interrupt()).ok();
        Self(interrupt.zip(signal(SignalKind::terminate()).ok()))
    }

    async fn first(self) -> &'static str {
        let Some((mut interrupt, mut terminate)) = self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "Ctrl-C",
        }
    }
}

/// Ctrl-C. Not tested on Windows.
#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn watch() -> Self {
        Self
    }

    async fn first(self) -> &'static str {
        let _ = tokio::signal::ctrl_c().await;
        "Ctrl-C"
    }
}
