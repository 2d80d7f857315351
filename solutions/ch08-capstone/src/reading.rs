//! Reading: finds by its address what answers for a resource.

// ANCHOR: ex-8-5-d
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, ResourceContents};
use serde::Serialize;

use crate::board;
use crate::errors::{Failure, not_found, reading};
use crate::tracker::{Reply, Tracker};
use crate::uri::TrackerUri;

/// The media type of JSON, RFC 8259.
pub const JSON: &str = "application/json";

/// The media type of Markdown, RFC 7763.
pub const MARKDOWN: &str = "text/markdown";

/// The media type of the picture.
pub const PNG: &str = "image/png";

/// So long, in milliseconds, a client may show what it has read without asking again.
const TTL_MS: u64 = 5_000;

/// Reads a resource. It was read with the rights of a caller, and is for that caller alone.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching>
///
/// # Errors
/// There is nothing with this URI, or the tracker cannot answer.
pub async fn read(tracker: &Tracker, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let target = TrackerUri::parse(uri).ok_or_else(|| not_found(uri))?;
    let failed = reading(uri);
    let contents = match target {
        TrackerUri::Project(project) => {
            json(&tracker.project(&project).await.map_err(failed)?, uri)?
        }
        TrackerUri::Board(project) => {
            let text = board_of(tracker, &project).await.map_err(failed)?;
            ResourceContents::text(text, uri).with_mime_type(MARKDOWN)
        }
        TrackerUri::Burndown(project) => {
            blob(&tracker.burndown(&project).await.map_err(failed)?, PNG, uri)
        }
        TrackerUri::Task { project, task } => {
            let task = tracker.task_in(&project, &task).await.map_err(failed)?;
            json(&task, uri)?
        }
        TrackerUri::Attachment {
            project,
            task,
            attachment,
        } => {
            tracker.task_in(&project, &task).await.map_err(&failed)?;
            let all = tracker.attachments(&task).await.map_err(&failed)?;
            let found = all.iter().find(|found| found.id == attachment);
            let media_type = &found.ok_or_else(|| not_found(uri))?.media_type;
            let bytes = tracker.attachment(&task, &attachment).await;
            blob(&bytes.map_err(failed)?, media_type, uri)
        }
    };
    let result = ReadResourceResult::new(vec![contents]);
    Ok(result
        .with_ttl_ms(TTL_MS)
        .with_cache_scope(CacheScope::Private))
}

/// All tasks of a project, as Markdown, as they are at this moment.
///
/// # Errors
/// There is no such project, or the tracker cannot answer.
pub async fn board_of(tracker: &Tracker, project: &str) -> Reply<String> {
    let project = tracker.project(project).await?;
    let tasks = tracker.tasks(&project.id).await?;
    Ok(board::text(&project, &tasks))
}

/// A value as JSON, one field a line: models and people read it.
fn json(value: &impl Serialize, uri: &str) -> Result<ResourceContents, ErrorData> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::broken)?;
    Ok(ResourceContents::text(text, uri).with_mime_type(JSON))
}

/// Bytes, in the standard alphabet of RFC 4648, with padding.
fn blob(bytes: &[u8], media_type: &str, uri: &str) -> ResourceContents {
    let text = BASE64_STANDARD.encode(bytes);
    ResourceContents::blob(text, uri).with_mime_type(media_type)
}
// ANCHOR_END: ex-8-5-d
