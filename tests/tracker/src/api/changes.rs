//! The change feed, with long poll.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::cursor;
use crate::extract::{MOST, Parameters, Reply};
use crate::faults;
use crate::shared::Shared;

/// Longest wait for a change, in milliseconds.
const WAIT: u64 = 30_000;

/// What the cursors of the feed belong to.
const LIST: &str = "changes";

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    parameters: Parameters,
) -> Reply<Json<Value>> {
    let limit = usize::try_from(parameters.number("limit", MOST, 1, MOST)?).unwrap_or(usize::MAX);
    let wait = parameters.number("wait_ms", 0, 0, WAIT)?;
    let Some(after) = parameters.get("after") else {
        let latest = shared.read(|store| store.feed.latest());
        return Ok(Json(
            json!({ "changes": [], "cursor": cursor::encode(LIST, latest) }),
        ));
    };
    let after = cursor::decode("after", LIST, after)?;
    let end = Instant::now() + Duration::from_millis(wait);
    // Subscribed before the first look, so that no change falls between the look and the wait.
    let mut latest = shared.latest();
    loop {
        let changes = shared
            .read(|store| store.feed.after(after, limit))
            .ok_or_else(faults::cursor_expired)?;
        if !changes.is_empty() || Instant::now() >= end {
            let last = changes.last().map_or(after, |change| change.number);
            return Ok(Json(
                json!({ "changes": changes, "cursor": cursor::encode(LIST, last) }),
            ));
        }
        tokio::select! {
            _ = latest.changed() => {}
            () = sleep_until(end) => {}
            () = shared.end.begun() => {
                return Ok(Json(json!({ "changes": [], "cursor": cursor::encode(LIST, after) })));
            }
        }
    }
}
