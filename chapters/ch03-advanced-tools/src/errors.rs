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
    // Exercise 3.2 begins. Hint: cargo xtask hint 3.2
    Failure::tool(error.to_string())
    // Exercise 3.2 ends.
}
// Exercise 3.2-b begins. Hint: cargo xtask hint 3.2
// Exercise 3.2-b ends.
