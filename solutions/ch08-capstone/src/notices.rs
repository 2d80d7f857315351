//! Telling clients that something has changed, in both eras. Each listener asks the tracker by itself:
//! whoever reads slowly holds up nobody else.

// ANCHOR: ex-8-5-e
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{ResourceUpdatedNotificationParam, SubscriptionFilter};
use rmcp::service::SubscriptionContext;
use rmcp::{ErrorData, Peer, RoleServer, ServiceError};
use tokio::sync::OnceCell;

use crate::auth::Caller;
use crate::server::TrackerServer;
use crate::tracker::{Change, TrackerError};
use crate::uri::TrackerUri;

/// How long the tracker may wait for a change before it says that there is none.
const WAIT: Duration = Duration::from_secs(1);

/// So long the tracker is left alone when it could not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// What may be different now, in the words of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Some resources, and perhaps the list of them.
    Of {
        /// Their URIs.
        uris: Vec<String>,
        /// Whether the list is among it.
        list: bool,
    },
    /// Nobody knows: some changes were missed, and anything may be different now.
    Missed,
}

impl News {
    /// Whether the resource with this URI may be different now.
    pub fn touches(&self, uri: &str) -> bool {
        match self {
            Self::Of { uris, .. } => uris.iter().any(|changed| changed == uri),
            Self::Missed => true,
        }
    }

    /// Whether the list of resources may be different now.
    pub fn touches_list(&self) -> bool {
        match self {
            Self::Of { list, .. } => *list,
            Self::Missed => true,
        }
    }
}

impl From<Change> for News {
    fn from(change: Change) -> Self {
        let project = change.project;
        // The list shows projects; a task is reached by a template.
        let list = change.kind.starts_with("project.");
        let mut uris = Vec::new();
        if let Some(task) = change.task {
            let project = project.clone();
            uris.push(TrackerUri::Task { project, task });
        } else if list {
            uris.push(TrackerUri::Project(project.clone()));
        }
        // Members are on no resource.
        if !uris.is_empty() {
            uris.push(TrackerUri::Board(project.clone()));
            uris.push(TrackerUri::Burndown(project));
        }
        let uris = uris.iter().map(ToString::to_string).collect();
        Self::Of { uris, list }
    }
}

/// Where one listener stands in the tracker's changes.
pub struct Reader {
    server: TrackerServer,
    caller: Caller,
    cursor: Option<String>,
}

impl Reader {
    /// Begins to listen: what changes after this call is heard. If the tracker cannot answer now, listening
    /// begins when it can.
    pub async fn begin(server: TrackerServer, caller: Caller) -> Self {
        let mut reader = Self {
            server,
            caller,
            cursor: None,
        };
        // The first question brings no change, only the place where to begin.
        reader.cursor = reader.ask().await.unwrap_or_default().1;
        reader
    }

    /// Waits for what comes next; there may be none.
    pub async fn next(&mut self) -> Vec<News> {
        match self.ask().await {
            Some((news, cursor)) => {
                self.cursor = cursor;
                news
            }
            None => {
                tokio::time::sleep(PAUSE).await;
                Vec::new()
            }
        }
    }

    /// News, and where to go on; nothing if the tracker could not answer.
    async fn ask(&self) -> Option<(Vec<News>, Option<String>)> {
        // Asked for again each time: a token does not live as long as a subscription.
        let tracker = self.server.tracker(&self.caller).await.ok()?;
        match tracker.changes(self.cursor.as_deref(), WAIT).await {
            Ok(answer) => {
                let news = answer.changes.into_iter().map(News::from).collect();
                Some((news, Some(answer.cursor)))
            }
            // The cursor is too old, or from before the tracker was started again.
            Err(TrackerError::Refused { .. }) if self.cursor.is_some() => {
                Some((vec![News::Missed], None))
            }
            Err(error) => {
                tracing::warn!("{error}");
                None
            }
        }
    }
}

/// What of a wish this server grants. The SDK takes away what the capabilities do not name.
pub fn accepted(requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
    Some(requested.clone())
}

/// Modern: passes news on until the client cancels the subscription or hangs up.
///
/// # Errors
/// None: whoever cannot be told any more has gone.
pub async fn listen(
    mut reader: Reader,
    subscription: SubscriptionContext,
) -> Result<(), ErrorData> {
    loop {
        let news = tokio::select! {
            () = subscription.cancelled() => return Ok(()),
            news = reader.next() => news,
        };
        let (wanted, sink) = (subscription.accepted(), subscription.sink());
        for one in news {
            let mut sent = Ok(());
            if wanted.resources_list_changed == Some(true) && one.touches_list() {
                sent = sink.notify_resource_list_changed().await;
            }
            for uri in wanted.resource_subscriptions.iter().flatten() {
                if one.touches(uri) {
                    sent = sent.and(sink.notify_resource_updated(uri.clone()).await);
                }
            }
            if sent.is_err() {
                return Ok(());
            }
        }
    }
}

/// Legacy: what the one client of this process has subscribed to, and whether it is told.
#[derive(Default)]
pub struct Subscriptions {
    uris: Arc<Mutex<BTreeSet<String>>>,
    listening: OnceCell<()>,
}

impl Subscriptions {
    /// Begins to tell the client, if that has not been done. After this call no change is missed: whoever
    /// confirms a subscription has waited for it.
    pub async fn begin(&self, server: TrackerServer, caller: Caller, peer: Peer<RoleServer>) {
        let begin = async || {
            let reader = Reader::begin(server, caller).await;
            tokio::spawn(tell_all(reader, Arc::clone(&self.uris), peer));
        };
        self.listening.get_or_init(begin).await;
    }

    /// `resources/subscribe`. A second time changes nothing.
    pub fn subscribe(&self, uri: String) {
        lock(&self.uris).insert(uri);
    }

    /// `resources/unsubscribe`.
    pub fn unsubscribe(&self, uri: &str) {
        lock(&self.uris).remove(uri);
    }
}

/// Passes news on until the client has gone.
async fn tell_all(mut reader: Reader, uris: Arc<Mutex<BTreeSet<String>>>, peer: Peer<RoleServer>) {
    loop {
        for one in reader.next().await {
            let subscribed = lock(&uris).clone();
            if tell(&peer, subscribed, &one).await.is_err() {
                return;
            }
        }
    }
}

async fn tell(
    peer: &Peer<RoleServer>,
    subscribed: BTreeSet<String>,
    news: &News,
) -> Result<(), ServiceError> {
    if news.touches_list() {
        peer.notify_resource_list_changed().await?;
    }
    for uri in subscribed {
        if news.touches(&uri) {
            let updated = ResourceUpdatedNotificationParam::new(uri);
            peer.notify_resource_updated(updated).await?;
        }
    }
    Ok(())
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(kind: &str, task: Option<&str>) -> News {
        News::from(Change {
            kind: kind.to_owned(),
            project: "A/B".to_owned(),
            task: task.map(str::to_owned),
        })
    }

    #[test]
    fn a_task_touches_what_shows_it() {
        let news = news("task.updated", Some("A/B-1"));
        assert!(news.touches("tracker://projects/A%2FB/tasks/A%2FB-1"));
        assert!(news.touches("tracker://projects/A%2FB/board"));
        assert!(!news.touches("tracker://projects/A%2FB"));
        assert!(!news.touches("tracker://projects/ATLAS/board"));
        assert!(!news.touches_list());
    }

    #[test]
    fn a_project_touches_the_list() {
        assert!(news("project.updated", None).touches_list());
        assert!(!news("members.updated", None).touches_list());
        assert!(News::Missed.touches_list());
    }
}
// ANCHOR_END: ex-8-5-e
