//! What the person types, line by line.

use std::collections::VecDeque;
use std::io::stdin;

use tokio::sync::mpsc;

/// The word that takes a call back.
pub(super) const CANCEL: &str = "cancel";

/// Typed lines, in their order.
pub(super) struct Lines {
    typed: mpsc::Receiver<String>,
    /// Typed while a call was open, and not meant for it.
    ahead: VecDeque<String>,
}

impl Lines {
    /// The lines of standard input. The thread that reads them ends with the program.
    pub(super) fn from_stdin() -> Self {
        let (sender, typed) = mpsc::channel(1);
        std::thread::spawn(move || {
            for line in stdin().lines() {
                let Ok(line) = line else { return };
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            typed,
            ahead: VecDeque::new(),
        }
    }

    /// The next line; none at the end of the input.
    pub(super) async fn next(&mut self) -> Option<String> {
        match self.ahead.pop_front() {
            Some(line) => Some(line),
            None => self.typed.recv().await,
        }
    }

    /// Waits until the person types [`CANCEL`]. Other lines are kept for later.
    pub(super) async fn cancelled(&mut self) {
        while let Some(line) = self.typed.recv().await {
            if line.trim() == CANCEL {
                return;
            }
            self.ahead.push_back(line);
        }
        // The input has ended: nobody takes anything back.
        std::future::pending().await
    }
}
