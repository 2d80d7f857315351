//! What changes in the tracker: asked for once, however many listen, and only while somebody does.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::tracker::{self, Tracker, TrackerError};
use crate::uri::TrackerUri;

/// So long the tracker waits for a change before it says that there is none.
const WAIT: Duration = Duration::from_secs(10);

/// So long the tracker is left alone when it could not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// A listener that falls further behind is told that it missed something.
const BACKLOG: usize = 256;

/// What has changed, in the words of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Some resources, and perhaps the list of them.
    Of {
        /// The URIs of the resources that are different now.
        uris: Vec<String>,
        /// Whether the list of resources is different now.
        list: bool,
    },
    /// Nobody knows: some changes were missed, and anything may be different now.
    Missed,
}

impl Change {
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

impl From<tracker::Change> for Change {
    fn from(change: tracker::Change) -> Self {
        let project = change.project;
        // The list shows projects, with name and description; a task is reached by a template.
        let list = change.kind.starts_with("project.");
        let mut uris = match (change.task, list) {
            (Some(task), _) => vec![TrackerUri::Task {
                project: project.clone(),
                task,
            }],
            (None, true) => vec![TrackerUri::Project(project.clone())],
            // Members: no resource shows them.
            (None, false) => {
                return Self::Of {
                    uris: Vec::new(),
                    list,
                };
            }
        };
        uris.extend([
            TrackerUri::Board(project.clone()),
            TrackerUri::Report(project.clone()),
            TrackerUri::Burndown(project),
        ]);
        let uris = uris.iter().map(ToString::to_string).collect();
        Self::Of { uris, list }
    }
}

/// Where listeners come to. Clones are the same feed.
#[derive(Clone)]
pub struct Feed {
    tracker: Tracker,
    /// The polling that is going on. Only listeners keep it alive.
    polling: Arc<Mutex<Weak<Polling>>>,
}

/// One task that asks the tracker, and ends with the last listener.
struct Polling {
    sender: broadcast::Sender<Change>,
    /// True once the tracker was asked for the first time.
    begun: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl Drop for Polling {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Hears every change from its beginning on. Drop it to stop listening.
pub struct Listener {
    changes: broadcast::Receiver<Change>,
    _polling: Arc<Polling>,
}

impl Listener {
    /// Waits for the next change.
    pub async fn next(&mut self) -> Change {
        match self.changes.recv().await {
            Ok(change) => change,
            // Whoever is slow is no reason to end: it only has to be told. `Closed` never comes, since
            // the sender lives as long as this listener.
            Err(_) => Change::Missed,
        }
    }
}

impl Feed {
    /// A feed of this tracker. It asks nothing yet.
    pub fn new(tracker: Tracker) -> Self {
        Self {
            tracker,
            polling: Arc::default(),
        }
    }

    /// Begins to listen: what changes after this call is heard. If the tracker cannot answer, listening
    /// begins when it can.
    pub async fn listen(&self) -> Listener {
        let polling = self.polling();
        let listener = Listener {
            changes: polling.sender.subscribe(),
            _polling: Arc::clone(&polling),
        };
        // An error means that the task is gone; then there is nothing to wait for.
        let mut begun = polling.begun.clone();
        let _ = begun.wait_for(|begun| *begun).await;
        listener
    }

    /// Whether the tracker is being asked for changes at this moment.
    pub fn is_polling(&self) -> bool {
        let current = self.polling.lock().unwrap_or_else(PoisonError::into_inner);
        current.strong_count() > 0
    }

    fn polling(&self) -> Arc<Polling> {
        let mut current = self.polling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(polling) = current.upgrade() {
            return polling;
        }
        let (sender, _) = broadcast::channel(BACKLOG);
        let (begin, begun) = watch::channel(false);
        let task = tokio::spawn(poll(self.tracker.clone(), sender.clone(), begin));
        let polling = Arc::new(Polling {
            sender,
            begun,
            task,
        });
        *current = Arc::downgrade(&polling);
        polling
    }
}

/// Asks the tracker again and again. Ends only from outside.
async fn poll(tracker: Tracker, sender: broadcast::Sender<Change>, begin: watch::Sender<bool>) {
    let mut cursor: Option<String> = None;
    let mut missed = false;
    loop {
        let answer = tracker.changes(cursor.as_deref(), WAIT).await;
        begin.send_replace(true);
        match answer {
            Ok(answer) => {
                // Said only now: what changes after it is heard.
                if std::mem::take(&mut missed) {
                    let _ = sender.send(Change::Missed);
                }
                for change in answer.changes {
                    // Nobody hears it between two listeners: that is no error.
                    let _ = sender.send(change.into());
                }
                cursor = Some(answer.cursor);
            }
            // The cursor is too old, or from before the tracker was started again.
            Err(error @ TrackerError::Refused { .. }) if cursor.is_some() => {
                tracing::warn!("{error}: listening begins again");
                cursor = None;
                missed = true;
            }
            Err(error) => {
                tracing::warn!("{error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &str, task: Option<&str>) -> Change {
        Change::from(tracker::Change {
            kind: kind.to_owned(),
            project: "A/B".to_owned(),
            task: task.map(str::to_owned),
        })
    }

    #[test]
    fn a_task_touches_what_shows_it() {
        let change = change("task.updated", Some("A/B-1"));
        assert!(change.touches("tracker://projects/A%2FB/tasks/A%2FB-1"));
        assert!(change.touches("tracker://projects/A%2FB/board"));
        assert!(!change.touches("tracker://projects/A%2FB"));
        assert!(!change.touches("tracker://projects/ATLAS/board"));
        assert!(!change.touches_list());
    }

    #[test]
    fn a_project_touches_the_list() {
        assert!(change("project.updated", None).touches_list());
        assert!(!change("members.updated", None).touches_list());
        assert!(Change::Missed.touches_list());
    }

    #[tokio::test]
    async fn the_last_listener_ends_the_polling() {
        let url = "http://127.0.0.1:9".parse().expect("an address");
        let tracker = Tracker::new(url, "token".to_owned(), PAUSE).expect("a client");
        let feed = Feed::new(tracker);
        let (first, second) = (feed.listen().await, feed.listen().await);
        drop(first);
        assert!(feed.is_polling());
        drop(second);
        assert!(!feed.is_polling());
    }
}
