//! How a call fails: what the model is told when it did not get what it asked for.

use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock};

use crate::planted::planted;
use crate::tracker::TrackerError;

/// A call of a tool that failed. Tools return it in `Err`, so that `?` works on the tracker.
///
/// A result with `isError`: the model reads it and can do better.
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/tools#error-handling>
#[derive(Debug)]
pub struct Failure(Box<CallToolResult>);

impl Failure {
    /// A tool error with one sentence for the model.
    pub fn new(text: impl Into<String>) -> Self {
        let content = vec![ContentBlock::text(text)];
        Self(Box::new(CallToolResult::error(content)))
    }

    /// What the model is told.
    fn text(self) -> String {
        let text = self.0.content.first().and_then(ContentBlock::as_text);
        text.map(|text| text.text.clone()).unwrap_or_default()
    }
}

impl IntoCallToolResult for Failure {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        Ok((*self.0).into())
    }
}

/// For resources and prompts, which have no result with `isError`.
impl From<Failure> for ErrorData {
    fn from(failure: Failure) -> Self {
        Self::internal_error(failure.text(), None)
    }
}

impl From<TrackerError> for Failure {
    fn from(error: TrackerError) -> Self {
        let text = told(&error);
        // The whole story, causes included, is for the log.
        tracing::warn!("{:#}", anyhow::Error::new(error));
        Self::new(text)
    }
}

/// What the model can use of an error, and nothing else: no address, no token, no word of a broken reply.
fn told(error: &TrackerError) -> String {
    match error {
        TrackerError::Refused {
            status: 401 | 403, ..
        } => "The tracker refuses the access of this server: whoever runs it has to look at its \
              settings."
            .to_owned(),
        TrackerError::Refused { problem, .. } => problem.detail.clone(),
        TrackerError::Busy { retry_after, .. } => format!(
            "The tracker has too much to do. Try again in {} seconds.",
            retry_after.as_secs().max(1)
        ),
        TrackerError::Unreachable { .. } => {
            "The tracker cannot answer now: there is none where TRACKER_URL says. \
             Whoever runs this server can start one with `cargo xtask tracker`."
                .to_owned()
        }
        TrackerError::BrokenReply { body, .. } if planted(6) => {
            format!("The tracker answered something odd: {body}")
        }
        TrackerError::TimedOut { .. }
        | TrackerError::BrokenReply { .. }
        | TrackerError::Failed { .. } => "The tracker cannot answer now. Try again later; if you \
             wanted to change something, look first whether it was done."
            .to_owned(),
    }
}
