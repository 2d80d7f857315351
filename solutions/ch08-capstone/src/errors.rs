//! How a call fails: what the model is told when it did not get what it asked for.

// ANCHOR: ex-8-2-c
use std::fmt::Display;

use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock};
use serde_json::{Value, json};

use crate::tracker::{Problem, TrackerError};
use crate::upstream::UpstreamError;

/// A failed call. Tools return it in `Err`, so that `?` works on the tracker.
#[derive(Debug)]
pub enum Failure {
    /// A result with `isError`: the model reads it and can do better.
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/tools#error-handling>
    Tool(Box<CallToolResult>),
    /// A protocol error: the client sees it, and mostly keeps it from the model.
    Protocol(ErrorData),
}

impl Failure {
    /// A tool error with one sentence for the model.
    pub fn tool(text: impl Into<String>) -> Self {
        let content = vec![ContentBlock::text(text)];
        Self::Tool(Box::new(CallToolResult::error(content)))
    }

    /// -32602: the client sent along what this server never gave it.
    pub fn refused(why: impl Display) -> Self {
        Self::Protocol(ErrorData::invalid_params(why.to_string(), None))
    }

    /// -32603: a fault of the server.
    pub fn broken(why: impl Display) -> Self {
        Self::Protocol(ErrorData::internal_error(why.to_string(), None))
    }
}

impl IntoCallToolResult for Failure {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        match self {
            Self::Tool(result) => Ok((*result).into()),
            Self::Protocol(error) => Err(error),
        }
    }
}

/// For resources, which have no result with `isError`.
impl From<Failure> for ErrorData {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Protocol(error) => error,
            Failure::Tool(result) => {
                let text = result.content.first().and_then(ContentBlock::as_text);
                let text = text.map(|text| text.text.clone());
                Self::internal_error(text.unwrap_or_default(), None)
            }
        }
    }
}

impl From<ErrorData> for Failure {
    fn from(error: ErrorData) -> Self {
        Self::Protocol(error)
    }
}

impl From<UpstreamError> for Failure {
    fn from(error: UpstreamError) -> Self {
        tracing::warn!("{:#}", anyhow::Error::new(error));
        Self::tool("The tracker cannot be reached now: this server got no access. Try again later.")
    }
}

impl From<TrackerError> for Failure {
    fn from(error: TrackerError) -> Self {
        // The reply tells what the model can use; the whole story, causes included, is for the log.
        let text = match &error {
            TrackerError::Refused {
                status: 401 | 403, ..
            } => "The tracker refuses the access of this server: whoever runs it has to look at \
                  its settings."
                .to_owned(),
            TrackerError::Refused { status: 412, .. } => {
                "Somebody else has changed the task. Read \
                 it again with get_task, then decide again."
                    .to_owned()
            }
            TrackerError::Refused { problem, .. } => told(problem),
            TrackerError::Busy { retry_after, .. } => format!(
                "The tracker has too much to do. Try again in {} seconds.",
                retry_after.as_secs().max(1)
            ),
            TrackerError::Unreachable { .. } => {
                "The tracker cannot answer now: there is none where TRACKER_URL says. \
                 Whoever runs this server can start one with `cargo xtask tracker`."
                    .to_owned()
            }
            TrackerError::TimedOut { .. }
            | TrackerError::BrokenReply { .. }
            | TrackerError::Failed { .. } => "The tracker cannot answer now. Try again later; if \
                 you wanted to change something, look first whether it was done."
                .to_owned(),
        };
        tracing::warn!("{:#}", anyhow::Error::new(error));
        Self::tool(text)
    }
}

/// What the tracker says about a wrong request: a sentence, the part that is wrong, what would be right.
fn told(problem: &Problem) -> String {
    let mut text = problem.detail.clone();
    if let Some(field) = &problem.field {
        text += &format!(" Look at: {field}.");
    }
    if !problem.allowed.is_empty() {
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let allowed: Vec<String> = problem.allowed.iter().map(plain).collect();
        text += &format!(" Allowed: {}.", allowed.join(", "));
    }
    text
}

/// Nothing is there. The code is -32602 for a modern client and -32002 for a legacy one; the SDK knows
/// whom it answers.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling>
pub fn not_found(uri: &str) -> ErrorData {
    ErrorData::resource_not_found("there is no such resource", Some(json!({ "uri": uri })))
}

/// What a client is told that wanted to read `uri`. What the tracker does not have is not there.
pub fn reading(uri: &str) -> impl Fn(TrackerError) -> ErrorData {
    move |error| match error {
        TrackerError::Refused { status: 404, .. } => not_found(uri),
        error => Failure::from(error).into(),
    }
}

/// What a client is told whose argument of a prompt leads nowhere.
pub fn argument(name: &'static str) -> impl Fn(TrackerError) -> ErrorData {
    move |error| match error {
        TrackerError::Refused { status: 404, .. } => {
            ErrorData::invalid_params(format!("{name} must be one that exists"), None)
        }
        error => Failure::from(error).into(),
    }
}
// ANCHOR_END: ex-8-2-c
