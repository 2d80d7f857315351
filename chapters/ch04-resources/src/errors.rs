//! What a client is told when there is nothing to read, or the tracker did not bring it.

use rmcp::ErrorData;
use serde_json::json;

use crate::tracker::TrackerError;

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
        error => error.into(),
    }
}

impl From<TrackerError> for ErrorData {
    fn from(error: TrackerError) -> Self {
        // The reply tells what a client can use; the whole story, causes included, is for the log.
        let reply = reply(&error);
        tracing::warn!("{:#}", anyhow::Error::new(error));
        reply
    }
}

/// A resource has no result with `isError`: whatever goes wrong is a protocol error.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling>
fn reply(error: &TrackerError) -> ErrorData {
    let text = match error {
        TrackerError::Refused {
            status: 401 | 403, ..
        } => "The tracker refuses the access of this server: whoever runs it has to look at its \
              settings."
            .to_owned(),
        // Whoever asked can do better.
        TrackerError::Refused { problem, .. } => {
            return ErrorData::invalid_params(problem.detail.clone(), None);
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
        | TrackerError::Failed { .. } => {
            "The tracker cannot answer now. Try again later.".to_owned()
        }
    };
    ErrorData::internal_error(text, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rmcp::model::ErrorCode;

    #[test]
    fn what_the_tracker_says_about_itself_stays_inside() {
        let failed = TrackerError::Failed {
            request: "GET http://10.0.0.7/projects".to_owned(),
            status: 500,
            body: "at db.internal:5432".to_owned(),
        };
        let error = ErrorData::from(failed);
        assert_eq!(error.code, ErrorCode::INTERNAL_ERROR);
        assert_eq!(
            error.message,
            "The tracker cannot answer now. Try again later."
        );
    }
}
