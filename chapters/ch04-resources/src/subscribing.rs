//! Telling legacy clients: they subscribe to one URI at a time, and hear of the list in any case.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::{ErrorData, Peer, RoleServer};
use tokio::task::JoinHandle;

use crate::feed::{Change, Feed};

/// What the client of this connection has subscribed to, and the task that tells it. Over stdio a process
/// has one connection, so one of these is enough.
#[derive(Default)]
pub struct Subscriptions {
    uris: Arc<Uris>,
    telling: Mutex<Option<JoinHandle<()>>>,
}

/// The URIs that a client wants to hear of.
#[derive(Debug, Default)]
pub struct Uris(Mutex<BTreeSet<String>>);

impl Uris {
    /// Adds one. A second time changes nothing.
    pub fn add(&self, uri: String) {
        self.lock().insert(uri);
    }

    /// Takes one away, if it is there.
    pub fn remove(&self, uri: &str) {
        self.lock().remove(uri);
    }

    /// All of them, at this moment.
    pub fn all(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        self.end();
    }
}

impl Subscriptions {
    /// Begins to tell a client. Only a legacy client says `notifications/initialized`, so a modern one
    /// never comes here.
    pub async fn begin(&self, feed: &Feed, peer: Peer<RoleServer>) {
        let uris = Arc::clone(&self.uris);
        let mut changes = feed.listen().await;
        let task = tokio::spawn(async move {
            while tell(&peer, &uris, &changes.next().await).await.is_ok() {}
        });
        self.end();
        *self.telling() = Some(task);
    }

    fn end(&self) {
        if let Some(task) = self.telling().take() {
            task.abort();
        }
    }

    fn telling(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `resources/subscribe`.
    ///
    /// <https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions>
    ///
    /// # Errors
    /// None.
    pub fn subscribe(&self, uri: String) -> Result<(), ErrorData> {
        // Exercise 4.8 begins. Hint: cargo xtask hint 4.8
        Err(crate::not_yet::not_yet("4.8", uri))
        // Exercise 4.8 ends.
    }

    /// `resources/unsubscribe`.
    ///
    /// # Errors
    /// None.
    pub fn unsubscribe(&self, uri: &str) -> Result<(), ErrorData> {
        // Exercise 4.8-b begins. Hint: cargo xtask hint 4.8
        Err(crate::not_yet::not_yet("4.8", uri))
        // Exercise 4.8-b ends.
    }
}

/// Tells a client of one change: that the list is different, and which of its resources are.
///
/// # Errors
/// The client has gone.
async fn tell(
    peer: &Peer<RoleServer>,
    subscribed: &Uris,
    change: &Change,
) -> Result<(), rmcp::ServiceError> {
    // Exercise 4.8-c begins. Hint: cargo xtask hint 4.8
    let _ = (peer, subscribed, change);
    Ok(())
    // Exercise 4.8-c ends.
}
