//! What the server lists, page by page.

// ANCHOR: ex-8-5-c
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rmcp::ErrorData;
use rmcp::model::{ListResourcesResult, Resource, ResourceTemplate};

use crate::errors::Failure;
use crate::reading::{JSON, MARKDOWN, PNG};
use crate::tracker::{Project, Tracker};
use crate::uri::TrackerUri;

/// So many resources are on a page at most.
pub const PAGE: usize = 10;

/// What a cursor of this server begins with, once it is decoded.
const AFTER: &str = "after ";

/// One page of the projects.
///
/// # Errors
/// The cursor is none of this server, or the tracker cannot answer.
pub async fn list(
    tracker: &Tracker,
    cursor: Option<&str>,
) -> Result<ListResourcesResult, ErrorData> {
    let projects = tracker.projects().await.map_err(Failure::from)?;
    let mut resources: Vec<Resource> = projects.iter().map(project).collect();
    resources.sort_by(|one, other| one.uri.cmp(&other.uri));
    page(resources, cursor)
}

fn project(project: &Project) -> Resource {
    let uri = TrackerUri::Project(project.id.clone()).to_string();
    Resource::new(uri, &project.id)
        .with_title(&project.name)
        .with_mime_type(JSON)
}

/// The resources after a cursor, at most [`PAGE`] of them. They come sorted by their URI.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/pagination>
fn page(resources: Vec<Resource>, cursor: Option<&str>) -> Result<ListResourcesResult, ErrorData> {
    // A cursor names what was shown last: what is added or deleted in the meantime moves nothing.
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let last = read_cursor(cursor).ok_or_else(|| {
                ErrorData::invalid_params("this cursor is none of this list", None)
            })?;
            resources.partition_point(|resource| resource.uri <= last)
        }
    };
    let more = resources.len() > start + PAGE;
    let page: Vec<Resource> = resources.into_iter().skip(start).take(PAGE).collect();
    let next = page
        .last()
        .filter(|_| more)
        .map(|last| cursor_after(&last.uri));
    let mut result = ListResourcesResult::with_all_items(page)
        .with_ttl_ms(5_000)
        .with_cache_scope(rmcp::model::CacheScope::Private);
    result.next_cursor = next;
    Ok(result)
}

/// A cursor, in a form that nobody takes for something to build.
pub fn cursor_after(uri: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{AFTER}{uri}"))
}

/// The URI in a cursor; none if it is no cursor of this server.
pub fn read_cursor(cursor: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.strip_prefix(AFTER).map(str::to_owned)
}

/// What the addresses look like, RFC 6570. The SDK shows them, and does not match them.
pub fn templates() -> Vec<ResourceTemplate> {
    [
        (
            "tracker://projects/{project}",
            "project",
            "What is known of a project",
            Some(JSON),
        ),
        (
            "tracker://projects/{project}/board",
            "board",
            "All tasks of a project, by state",
            Some(MARKDOWN),
        ),
        (
            "tracker://projects/{project}/burndown.png",
            "burndown",
            "The current sprint as a picture",
            Some(PNG),
        ),
        (
            "tracker://projects/{project}/tasks/{task}",
            "task",
            "One task with its description",
            Some(JSON),
        ),
        (
            "tracker://projects/{project}/tasks/{task}/attachments/{attachment}",
            "attachment",
            "A file that belongs to a task",
            None,
        ),
    ]
    .map(|(template, name, title, media_type)| {
        let template = ResourceTemplate::new(template, name).with_title(title);
        match media_type {
            Some(media_type) => template.with_mime_type(media_type),
            None => template,
        }
    })
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_nothing_else_does() {
        let uri = "tracker://projects/Z%C3%BCrich";
        assert_eq!(read_cursor(&cursor_after(uri)).as_deref(), Some(uri));
        for cursor in ["", "not-a-cursor", "10", "dHJhY2tlcg"] {
            assert_eq!(read_cursor(cursor), None, "{cursor}");
        }
    }
}
// ANCHOR_END: ex-8-5-c
