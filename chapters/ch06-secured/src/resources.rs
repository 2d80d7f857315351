//! Tasks as resources, and telling clients that there are others now.

use std::time::Duration;

use reqwest::Url;
use rmcp::ErrorData;
use rmcp::model::{ListResourcesResult, ReadResourceResult, Resource, ResourceContents};
use rmcp::service::SubscriptionContext;

use crate::auth::Caller;
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{TaskLine, Tracker};

const JSON: &str = "application/json";

/// How long the tracker may wait for a change before it says that there is none.
const WAIT: Duration = Duration::from_millis(500);

/// The address of a task.
fn uri(task: &TaskLine) -> Option<String> {
    let mut uri = Url::parse("tracker://tasks").ok()?;
    uri.path_segments_mut().ok()?.push(&task.id);
    Some(uri.into())
}

/// All tasks.
///
/// # Errors
/// The tracker does not tell them.
pub async fn list(tracker: &Tracker) -> Result<ListResourcesResult, Failure> {
    let tasks = tracker.all_tasks().await?;
    let listed = tasks.iter().filter_map(|task| {
        let resource = Resource::new(uri(task)?, &task.id);
        Some(resource.with_title(&task.title).with_mime_type(JSON))
    });
    let result = ListResourcesResult::with_all_items(listed.collect());
    Ok(result.with_cache_scope(rmcp::model::CacheScope::Private))
}

/// One task.
///
/// # Errors
/// There is no such task, or the tracker does not tell.
pub async fn read(tracker: &Tracker, asked: &str) -> Result<ReadResourceResult, Failure> {
    let tasks = tracker.all_tasks().await?;
    let task = tasks
        .iter()
        .find(|task| uri(task).as_deref() == Some(asked));
    let missing = || {
        let data = serde_json::json!({ "uri": asked });
        ErrorData::resource_not_found("there is no such task", Some(data))
    };
    let text = serde_json::to_string(task.ok_or_else(missing)?).map_err(Failure::broken)?;
    let contents = ResourceContents::text(text, asked).with_mime_type(JSON);
    let result = ReadResourceResult::new(vec![contents]);
    Ok(result.with_cache_scope(rmcp::model::CacheScope::Private))
}

/// Passes on that there are changes, until the client has gone. Each listener asks the tracker by itself:
/// whoever reads slowly holds up nobody else.
///
/// # Errors
/// The tracker does not tell changes.
pub async fn listen(
    server: &TrackerServer,
    caller: &Caller,
    subscription: &SubscriptionContext,
) -> Result<(), Failure> {
    let mut seen = None;
    loop {
        // Asked for again each time: a token does not live as long as a subscription.
        let tracker = server.tracker(caller).await?;
        let news = tokio::select! {
            () = subscription.cancelled() => return Ok(()),
            news = tracker.changes(seen.as_deref(), WAIT) => news?,
        };
        seen = Some(news.cursor);
        let wanted = subscription.accepted().resources_list_changed == Some(true);
        if wanted && !news.changes.is_empty() {
            let told = subscription.sink().notify_resource_list_changed().await;
            if told.is_err() {
                return Ok(());
            }
        }
    }
}
