//! What a console page is told, one JSON object a line.

use serde::Serialize;
use serde_json::Value;

use super::wire::WireLine;

/// One line of the stream.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The first: what the page names in everything that it sends.
    Session {
        /// The number of this console.
        session: u64,
    },
    /// The server is being built.
    Building {
        /// How far that is; empty at the start.
        progress: String,
    },
    /// There is no new program.
    NotBuilt {
        /// Why, with what the compiler says.
        why: String,
        /// Whether the program of before still runs.
        still_running: bool,
    },
    /// A process was started. Whatever was asked of one before it is over.
    Started {
        /// The program.
        program: String,
        /// Whether it was started since its sources were saved.
        after_save: bool,
        /// The tracker that it was told of.
        tracker: Option<String>,
    },
    /// The server wants a token, and a person has to sign in for it.
    SignIn {
        /// Where.
        address: String,
    },
    /// Nobody has to sign in any more, whatever came of it: the wire tells.
    SignedIn,
    /// The server has answered the opening.
    Opened {
        /// The result of `server/discover` or of `initialize`.
        result: Value,
    },
    /// The server has not, or with an error. It can be asked all the same.
    NotOpened {
        /// Why.
        why: String,
    },
    /// One line in either direction, or one of the process.
    Wire(WireLine),
    /// Lines that are not shown, because there are too many of them.
    Skipped {
        /// How many since the last that was shown.
        lines: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// How far a call is.
    Progress {
        /// The call.
        call: u64,
        /// The parameters of the notification.
        params: Value,
    },
    /// The server wants to know something of the person.
    Question {
        /// Its number.
        question: u64,
        /// The parameters of `elicitation/create`.
        params: Value,
    },
    /// A question needs no answer any more, or has got one.
    Closed {
        /// Its number.
        question: u64,
    },
    /// The end of a call.
    Reply {
        /// The call.
        call: u64,
        /// What came of it.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// The process is gone.
    Ended {
        /// Such as `exit code 0`.
        status: String,
        /// Whether the console had asked for it.
        asked: bool,
    },
    /// Nothing, and the workbook is still there.
    Pulse,
}

/// How a call ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// With a result.
    Result {
        /// It.
        result: Value,
    },
    /// With a protocol error.
    Error {
        /// It: code, message, data.
        error: Value,
    },
    /// Without a reply.
    Nothing {
        /// Why.
        why: String,
    },
}

impl Outcome {
    pub(super) fn nothing(why: impl Into<String>) -> Self {
        Self::Nothing { why: why.into() }
    }
}
