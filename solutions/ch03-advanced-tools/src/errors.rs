//! How a call fails: what the model is told when the tracker did not do what it was asked.

use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock};

use crate::tracker::TrackerError;

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
}

impl IntoCallToolResult for Failure {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        match self {
            Self::Tool(result) => Ok((*result).into()),
            Self::Protocol(error) => Err(error),
        }
    }
}

impl From<TrackerError> for Failure {
    fn from(error: TrackerError) -> Self {
        // The reply tells what the model can use; the whole story, causes included, is for the log.
        let failure = reply(&error);
        tracing::warn!("{:#}", anyhow::Error::new(error));
        failure
    }
}

/// What the model is told about an error of the tracker.
pub fn reply(error: &TrackerError) -> Failure {
    // STARTER 3.2: Failure::tool(error.to_string())
    // ANCHOR: ex-3-2
    let text = match error {
        TrackerError::Refused {
            status: 401 | 403, ..
        } => "The tracker refuses the access of this server. Calling again does not help: \
              whoever runs the server has to look at its settings."
            .to_owned(),
        TrackerError::Refused { status: 412, .. } => {
            "Somebody else has changed the task. Read the task again, then decide again.".to_owned()
        }
        TrackerError::Refused { problem, .. } => {
            let mut text = problem.detail.clone();
            if let Some(field) = &problem.field {
                text += &format!(" Look at: {field}.");
            }
            if !problem.allowed.is_empty() {
                let allowed: Vec<String> = problem.allowed.iter().map(plain).collect();
                text += &format!(" Allowed: {}.", allowed.join(", "));
            }
            text
        }
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
        | TrackerError::Failed { .. } => "The tracker cannot answer now. Try again later; \
             if you wanted to change something, look first whether it was done."
            .to_owned(),
    };
    Failure::tool(text)
    // ANCHOR_END: ex-3-2
}
// ANCHOR: ex-3-2-b

/// A value as a model would write it: texts without quotes.
fn plain(value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    }
}
// ANCHOR_END: ex-3-2-b
