//! Reading: finds by its address what answers for a resource.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents};

use crate::server::TrackerServer;
use crate::uri::TrackerUri;
use crate::{binary, errors, report, text};

/// Reads a resource.
///
/// # Errors
/// There is nothing with this URI, or the tracker cannot answer.
pub async fn read(server: &TrackerServer, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    if uri.starts_with(crate::handbook::SCHEME) {
        return server.handbook().read(uri).await.map(alone);
    }
    let tracker = server.tracker();
    let target = TrackerUri::parse(uri).ok_or_else(|| errors::not_found(uri))?;
    let contents = match target {
        TrackerUri::Project(project) => text::project(tracker, uri, &project).await?,
        TrackerUri::Board(project) => text::board(tracker, uri, &project).await?,
        TrackerUri::Task { project, task } => text::task(tracker, uri, &project, &task).await?,
        // It says by itself how long it stays true.
        TrackerUri::Report(project) => return report::read(tracker, uri, &project).await,
        TrackerUri::Burndown(project) => binary::burndown(tracker, uri, &project).await?,
        TrackerUri::Attachment {
            project,
            task,
            attachment,
        } => binary::attachment(tracker, uri, (&project, &task, &attachment)).await?,
    };
    Ok(alone(contents))
}

fn alone(contents: ResourceContents) -> ReadResourceResult {
    ReadResourceResult::new(vec![contents])
}
