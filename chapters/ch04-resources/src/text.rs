//! What is text: a project and a task as JSON, a board as Markdown.

use rmcp::ErrorData;
use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::errors;
use crate::tracker::Tracker;

/// The media type of JSON, RFC 8259.
pub const JSON: &str = "application/json";

/// The media type of Markdown, RFC 7763.
pub const MARKDOWN: &str = "text/markdown";

/// What is known of a project.
///
/// # Errors
/// There is no such project, or the tracker cannot answer.
pub async fn project(
    tracker: &Tracker,
    uri: &str,
    project: &str,
) -> Result<ResourceContents, ErrorData> {
    let project = tracker.project(project).await;
    let text = json(&project.map_err(errors::reading(uri))?)?;
    // `text` says text/plain until it is told otherwise.
    Ok(ResourceContents::text(text, uri).with_mime_type(JSON))
}

/// One task with its description. `uri` is what the client asked for, and the contents repeat it.
///
/// # Errors
/// The project has no such task, or the tracker cannot answer.
pub async fn task(
    tracker: &Tracker,
    uri: &str,
    project: &str,
    task: &str,
) -> Result<ResourceContents, ErrorData> {
    // Exercise 4.2 begins. Hint: cargo xtask hint 4.2
    let _ = project;
    let task = tracker.task(task).await?;
    Ok(ResourceContents::text(json(&task)?, uri))
    // Exercise 4.2 ends.
}

/// All tasks of a project. [`crate::board::text`] writes them as Markdown.
///
/// # Errors
/// There is no such project, or the tracker cannot answer.
pub async fn board(
    tracker: &Tracker,
    uri: &str,
    project: &str,
) -> Result<ResourceContents, ErrorData> {
    // Exercise 4.2-b begins. Hint: cargo xtask hint 4.2
    Err(crate::not_yet::not_yet("4.2", (tracker, uri, project)))
    // Exercise 4.2-b ends.
}

/// A value as JSON, one field a line: models and people read it.
pub fn json(value: &impl Serialize) -> Result<String, ErrorData> {
    serde_json::to_string_pretty(value)
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))
}
