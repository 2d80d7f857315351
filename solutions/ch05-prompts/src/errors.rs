//! What a client is told when the tracker did not bring what a prompt needs.

use rmcp::ErrorData;

use crate::tracker::TrackerError;

impl From<TrackerError> for ErrorData {
    fn from(error: TrackerError) -> Self {
        // The reply tells what a client can use; the whole story, causes included, is for the log.
        let reply = reply(&error);
        tracing::warn!("{:#}", anyhow::Error::new(error));
        reply
    }
}

/// A prompt has no result with `isError`: whatever goes wrong is a protocol error, which the host shows to
/// the person who chose the prompt.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/prompts#error-handling>
fn reply(error: &TrackerError) -> ErrorData {
    let text = match error {
        TrackerError::Refused {
            status: 401 | 403, ..
        } => "The tracker refuses the access of this server: whoever runs it has to look at its \
              settings."
            .to_owned(),
        // Mostly an argument that names what does not exist: whoever filled it in can do better.
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
