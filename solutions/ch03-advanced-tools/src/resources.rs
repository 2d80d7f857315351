//! Reading a task as a resource. Chapter 4 is about resources; here `get_task` links to one.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::tracker::{Tracker, TrackerError};
use crate::uri;

const JSON: &str = "application/json";

/// What the addresses of tasks look like.
pub fn template() -> ResourceTemplate {
    ResourceTemplate::new(uri::TEMPLATE, "task")
        .with_title("A task with its whole description")
        .with_mime_type(JSON)
}

/// Reads the task behind an address.
///
/// # Errors
/// There is none, or the tracker cannot answer.
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling>
pub async fn read(tracker: &Tracker, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let unknown = || ErrorData::resource_not_found("no such task", Some(json!({ "uri": uri })));
    let (project, id) = uri::parse(uri).ok_or_else(unknown)?;
    let task = match tracker.task(&id).await {
        Ok(found) if found.task.line.project == project => found.task,
        Ok(_) => return Err(unknown()),
        Err(TrackerError::Refused { status: 404, .. }) => return Err(unknown()),
        Err(error) => {
            tracing::warn!("{error}");
            return Err(ErrorData::internal_error(
                "the tracker cannot answer now",
                None,
            ));
        }
    };
    let text = json!(task).to_string();
    let contents = ResourceContents::text(text, uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]))
}
