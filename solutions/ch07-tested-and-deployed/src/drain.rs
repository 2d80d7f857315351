//! Ending without losing anything: requests that are here get their answers, others are sent away.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// How many requests may be here at once.
const PLACES: u32 = 1_000;

/// The requests that are here, and whether others may come. Clones share everything.
#[derive(Clone)]
pub struct Work {
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Work {
    /// Nobody is here yet. `stop` is cancelled when the process is told to stop.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES as usize)),
            stop,
        }
    }

    /// Whether the process has been told to stop.
    pub fn is_draining(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until the process is told to stop.
    pub async fn told_to_stop(&self) {
        self.stop.cancelled().await;
    }

    /// A place for a request, until it is dropped. None if this process is about to stop, or is full.
    pub fn enter(&self) -> Option<OwnedSemaphorePermit> {
        match self.is_draining() {
            true => None,
            false => Arc::clone(&self.places).try_acquire_owned().ok(),
        }
    }

    /// Waits until every place is free.
    pub async fn all_answered(&self) {
        // Fails only if somebody closes it, and nobody does.
        let _all = self.places.acquire_many(PLACES).await;
    }
}

/// Lets a request in, or sends it away.
pub async fn admit(State(work): State<Work>, request: Request, next: Next) -> Response {
    // STARTER 7.7-c: let _unused = (work.enter(), sent_away);
    // STARTER 7.7-c: next.run(request).await
    // ANCHOR: ex-7-7-c
    // The place is taken until the reply is there.
    match work.enter() {
        Some(_place) => next.run(request).await,
        None => sent_away(),
    }
    // ANCHOR_END: ex-7-7-c
}

/// The reply to a request that is not let in: nothing was done, and another instance will do it.
fn sent_away() -> Response {
    let headers = [(CONNECTION, "close"), (RETRY_AFTER, "1")];
    (StatusCode::SERVICE_UNAVAILABLE, headers).into_response()
}

/// Waits until the process may end: it was told to, and every request that was here has its answer, or
/// `limit` has passed since.
pub async fn drained(work: &Work, limit: Duration) {
    // STARTER 7.7-d: let _unused = limit;
    // STARTER 7.7-d: work.told_to_stop().await;
    // ANCHOR: ex-7-7-d
    work.told_to_stop().await;
    let answered = tokio::time::timeout(limit, work.all_answered());
    if answered.await.is_err() {
        tracing::warn!("{limit:?} have passed: the requests that are left get no answer");
    }
    // ANCHOR_END: ex-7-7-d
}
