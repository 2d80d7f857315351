//! How a call has ended.

use std::fmt;

use serde_json::Value;

/// How a call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// With a result.
    Result,
    /// With a question for the user.
    Question,
    /// With a result that says that it is an error.
    ToolError,
    /// With an error of the protocol.
    Error(i64),
    /// With a status of HTTP that is none of success, and no message.
    Status(u16),
    /// Its client did not wait for it.
    TakenBack,
}

impl Outcome {
    /// What a message says about its call. Over stdio every status is 200.
    pub(super) fn of(status: u16, reply: &Value) -> Self {
        let result = &reply["result"];
        match reply["error"]["code"].as_i64() {
            Some(code) => Self::Error(code),
            None if result.is_null() => Self::Status(status),
            None if result["isError"] == true => Self::ToolError,
            None if result["resultType"] == "input_required" => Self::Question,
            None => Self::Result,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Result => to.write_str("result"),
            Self::Question => to.write_str("question for the user"),
            Self::ToolError => to.write_str("tool error"),
            Self::Error(code) => write!(to, "protocol error {code}"),
            Self::Status(status) => write!(to, "HTTP status {status}"),
            Self::TakenBack => to.write_str("taken back by the client"),
        }
    }
}
