//! Tasks as resources.

use reqwest::Url;
use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::errors::Failure;
use crate::tracker::{Tracker, TrackerError};

/// What the addresses look like. An id is one segment, percent-encoded.
const TASK_TEMPLATE: &str = "tracker://tasks/{task}";

const JSON: &str = "application/json";

/// The templates.
pub fn templates() -> Vec<ResourceTemplate> {
    let task = ResourceTemplate::new(TASK_TEMPLATE, "task")
        .with_title("One task")
        .with_mime_type(JSON);
    vec![task]
}

/// Reads a task.
///
/// # Errors
/// There is no such task, or the tracker does not tell.
pub async fn read(tracker: &Tracker, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let missing = || ErrorData::resource_not_found("no such task", Some(json!({ "uri": uri })));
    let task = tracker.task(&task_of(uri).ok_or_else(missing)?).await;
    let task = task.map_err(|error| match error {
        TrackerError::Refused { status: 404, .. } => missing(),
        error => Failure::from(error).into(),
    })?;
    let contents = ResourceContents::text(json!(task).to_string(), uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// The id in an address. Ids with signs that an address has to escape are chapter 4's matter.
fn task_of(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let known = url.scheme() == "tracker" && url.host_str() == Some("tasks");
    let id = url.path().strip_prefix('/')?;
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (known && plain && !id.is_empty() && url.query().is_none()).then(|| id.to_owned())
}
