//! What can go wrong with a request to the tracker.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// Why a request to the tracker brought nothing.
///
/// The texts are for the log: they name addresses and repeat what the tracker said, and none of that
/// is meant for the outside.
#[derive(Debug, thiserror::Error)]
pub enum TrackerError {
    /// No connection, or one that broke.
    #[error(
        "{request}: no tracker answers there; TRACKER_URL says where it is, \
         and in the workbook `cargo xtask tracker` starts one"
    )]
    Unreachable {
        /// Method and address.
        request: String,
        /// What the HTTP client says.
        source: reqwest::Error,
    },
    /// No answer within the time of one attempt. What was asked for may have been done.
    #[error("{request}: no answer in time")]
    TimedOut {
        /// Method and address.
        request: String,
    },
    /// An answer that is not what the tracker's manual says: cut off, or from somebody else.
    /// What was asked for may have been done.
    #[error("{request}: the answer cannot be read: {body}")]
    BrokenReply {
        /// Method and address.
        request: String,
        /// What came, as far as it came.
        body: String,
    },
    /// 5xx, or an error that does not look like the tracker's.
    #[error("{request}: {status}: {body}")]
    Failed {
        /// Method and address.
        request: String,
        /// The status of the reply.
        status: u16,
        /// What the reply said.
        body: String,
    },
    /// 429: too many requests.
    #[error("{request}: 429, Retry-After: {} s", retry_after.as_secs())]
    Busy {
        /// Method and address.
        request: String,
        /// When to come back. Zero if the tracker does not say.
        retry_after: Duration,
    },
    /// Any other 4xx: the tracker understood, and says no.
    #[error("{request}: {status}: {}", problem.detail)]
    Refused {
        /// Method and address.
        request: String,
        /// The status of the reply.
        status: u16,
        /// Why, in the tracker's words.
        problem: Problem,
    },
}

impl TrackerError {
    /// What cannot be an id is refused here: on its way it would change the path.
    pub(super) fn no_id(text: &str) -> Self {
        Self::Refused {
            request: "a request that was not sent".to_owned(),
            status: 404,
            problem: Problem {
                detail: format!("{text:?} cannot be an id."),
                field: None,
                allowed: Vec::new(),
            },
        }
    }

    /// Whether the same request may do better a little later.
    pub fn is_transient(&self) -> bool {
        !matches!(self, Self::Refused { .. })
    }

    /// How long the tracker wants to be left alone, if it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }
}

/// The tracker's own account of an error, in the shape of RFC 9457.
#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    /// A sentence for people.
    pub detail: String,
    /// The part of the request that is wrong, if it is about one.
    pub field: Option<String>,
    /// What would be right, if that can be listed.
    #[serde(default)]
    pub allowed: Vec<Value>,
}
