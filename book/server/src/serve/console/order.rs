//! What a page wants of its session.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

/// What the page wants. The answer is why it cannot be had.
pub(super) struct Order {
    pub(super) wish: Wish,
    pub(super) answer: oneshot::Sender<Result<(), String>>,
}

/// See [`Order`].
#[derive(Debug)]
pub(super) enum Wish {
    /// A request, and how long the server may take for it.
    Call {
        call: u64,
        method: String,
        params: Value,
        limit: Duration,
    },
    /// The answer to a question: an `ElicitResult`.
    Answer { question: u64, result: Value },
    /// Takes a call back.
    Cancel { call: u64 },
    /// Lines as they are.
    Send { text: String },
    /// Another process of the newest program.
    Restart,
    /// No process.
    Stop,
}
