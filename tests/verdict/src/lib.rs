//! What passes between the checker and the programs that start it.
//!
//! The checker (package `reference-tests`) prints one [`Event`] a line as JSON;
//! xtask and the workbook server read them. It is the one place where both sides
//! agree on names, those of MCP's own messages in [`protocol`] included.

mod ending;
pub mod protocol;
pub mod signing_in;

pub use ending::spoken_status;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A group of protocol revisions that behave alike on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// Revision 2026-07-28: no handshake, every request introduces itself in `_meta`.
    Modern,
    /// Revision 2025-11-25 and older: the connection opens with `initialize`.
    Legacy,
}

impl Era {
    /// The name that the workbook prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "modern",
            Self::Legacy => "legacy",
        }
    }
}

/// What a check must have beside the protocol's wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Any server will do, in any language.
    #[default]
    Wire,
    /// The server keeps the journal of chapter 1 (`JOURNAL`).
    Journal,
    /// The server is a crate of this workbook: its own subcommands or its sources are looked at.
    Crate,
}

/// One line of the checker's output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "events are read one at a time and never kept in bulk"
)]
pub enum Event {
    /// First line: every check that was asked for, in the order of the curriculum.
    Plan {
        /// The checks, those that will be left out included.
        checks: Vec<CheckInfo>,
    },
    /// Nothing has happened for a while, and checks are still running: nobody need take the checker for dead.
    Working,
    /// A check has ended. Checks run side by side, so these come in any order.
    Finished(CheckResult),
    /// Last line. A stream without it was cut off.
    Done,
}

/// What a check is, before it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckInfo {
    /// Unique name, such as `title-length`; near-misses refer to it.
    pub check: String,
    /// The exercise that owns it, such as `2.3`.
    pub exercise: String,
    /// A sentence that says what a right server does.
    pub says: String,
    /// It must wait for time to pass: run last, and left out by `watch`.
    #[serde(default)]
    pub slow: bool,
    /// What it needs beside the wire.
    #[serde(default)]
    pub needs: Needs,
}

/// How one check ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// [`CheckInfo::check`].
    pub check: String,
    /// [`CheckInfo::exercise`].
    pub exercise: String,
    /// How long it took, in milliseconds of wall-clock time.
    pub millis: u64,
    /// What came out.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Everything that the check's servers and the check said to each other, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wire: Vec<WireLine>,
}

/// Why a check was left out that somebody may want later: it takes its time.
pub const LEFT_FOR_LATER: &str = "slow";

/// What came out of one check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The server does what the check demands.
    Pass,
    /// It does not.
    Fail {
        /// What was seen instead.
        failure: Failure,
    },
    /// Not run, and why: [`LEFT_FOR_LATER`], or what it needs is not there.
    LeftOut {
        /// A sentence for the learner.
        reason: String,
    },
    /// The checker or the machine is at fault, not the server.
    Fault {
        /// What went wrong.
        message: String,
    },
}

/// Why a check failed, in the words of the protocol.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Failure {
    /// What is wrong, in one sentence.
    pub what: String,
    /// The era in which it was seen, where the check tried both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub era: Option<Era>,
    /// What the check sent or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// What a right server answers.
    pub expected: String,
    /// What this one answered.
    pub got: String,
    /// Why it matters.
    pub why: String,
    /// Where that is written: a specification page, an RFC, a page of the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Known faults that explain it: a line on stdout, a panic, an exit code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One line that went over the wire, or an event beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WireLine {
    /// Microseconds since the check began.
    pub micros: u64,
    /// Which of the check's server processes, counted from 1.
    pub process: u32,
    /// Who said it.
    pub from: From,
    /// The line without its end, cut (and saying so) if it is very long; invalid UTF-8 is replaced, control
    /// characters are escaped.
    pub text: String,
}

/// The one line that `checker tracker` prints as soon as a tracker can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackerAt {
    /// The value for `TRACKER_URL`.
    pub url: String,
    /// The value for `TRACKER_TOKEN`.
    pub token: String,
    /// It ran before, so the program has nothing to do and ends.
    pub was_there: bool,
}

/// The one line that `checker issuer` prints as soon as an issuer can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerAt {
    /// The value for `ISSUER_URL`.
    pub url: String,
    /// It ran before, so the program has nothing to do and ends.
    pub was_there: bool,
}

/// The one line that `checker host` prints as soon as a server can be reached over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedAt {
    /// The address of its endpoint.
    pub url: String,
    /// The tracker beside it; none if the person has named one.
    pub tracker: Option<TrackerAt>,
    /// The issuer beside it; none if the person has named one.
    pub issuer: Option<IssuerAt>,
}

/// The one line that `checker load` prints: how fast a server over HTTP is, beside one that does next to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpLoad {
    /// The yardstick, in the order in which it was measured.
    pub bare: Vec<HttpRound>,
    /// The server, each round right after the one of the yardstick with as many connections.
    pub server: Vec<HttpRound>,
    /// What of the server is in memory after its last round, in KiB.
    pub resident_kib: u64,
}

/// Calls over connections that stay open, each sent when the one before was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRound {
    /// How many connections there were.
    pub connections: u64,
    /// Answered calls.
    pub calls: u64,
    /// Those of them that were answered with anything but a result.
    pub errors: u64,
    /// How long the round took, in milliseconds.
    pub millis: u64,
    /// The middle of all times, in microseconds.
    pub median_micros: u64,
    /// What 99 of 100 did not exceed, in microseconds.
    pub p99_micros: u64,
}

impl HttpRound {
    /// Calls a second.
    pub fn rate(&self) -> f64 {
        self.calls as f64 * 1000.0 / self.millis.max(1) as f64
    }
}

/// The one line that `checker soak` prints: what became of a long load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Soak {
    /// Calls in all.
    pub calls: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those of them that were answered with an error.
    pub errors: u64,
    /// Those that were cancelled before there was an answer.
    pub cancelled: u64,
    /// Notifications of progress.
    pub notifications: u64,
    /// The server's memory after the first thousand calls, in KiB.
    pub early_kib: u64,
    /// The same at the end.
    pub late_kib: u64,
    /// How long all calls took, in milliseconds.
    pub millis: u64,
    /// How long the server took to end when its input did, in milliseconds.
    pub end_millis: u64,
}

/// The one line that `checker soak --capstone` prints: what became of a long load on the server of chapter 8.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endurance {
    /// Calls in all.
    pub calls: u64,
    /// How many were open at a time.
    pub at_once: u64,
    /// How each call ended, with how many there were. They add up to all calls.
    pub ends: BTreeMap<String, u64>,
    /// Requests of the server to its tracker that went wrong on purpose.
    pub faults: u64,
    /// After so many calls the memory was looked at for the first time.
    pub early: u64,
    /// The memory of each process.
    pub memory: Vec<MemoryOf>,
    /// The longest wait for a reply, in milliseconds.
    pub longest_millis: u64,
    /// What was waited for.
    pub longest: String,
    /// How long everything took, in milliseconds.
    pub millis: u64,
}

/// The memory of a process under a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryOf {
    /// Which process.
    pub process: String,
    /// Early, in KiB.
    pub early_kib: u64,
    /// At the end, in KiB.
    pub late_kib: u64,
}

impl MemoryOf {
    /// How many times the early memory the late one is.
    pub fn ratio(&self) -> f64 {
        self.late_kib as f64 / self.early_kib.max(1) as f64
    }
}

/// Who said a [`WireLine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The check, on the server's standard input or in an HTTP request.
    Client,
    /// The server, on its standard output or in an HTTP response.
    Server,
    /// The server, on its standard error.
    Stderr,
    /// Nobody: the process started, its input was closed, it ended.
    Process,
    /// Nobody who talks: somebody has changed something in the tracker.
    Tracker,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_one_flat_object() {
        let result = CheckResult {
            check: "title-length".into(),
            exercise: "2.3".into(),
            millis: 12,
            outcome: Outcome::Pass,
            wire: Vec::new(),
        };
        let line = serde_json::to_string(&Event::Finished(result.clone())).expect("serialises");
        assert_eq!(
            line,
            r#"{"event":"finished","check":"title-length","exercise":"2.3","millis":12,"outcome":"pass"}"#
        );
        let back: Event = serde_json::from_str(&line).expect("parses");
        assert_eq!(back, Event::Finished(result));
    }
}
