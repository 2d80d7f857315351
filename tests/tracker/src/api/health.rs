//! Whether this is a tracker, and what time it has.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::shared::Shared;

pub(crate) async fn health(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let now = shared.read(|store| store.clock.now());
    Json(json!({ "service": "tracker", "version": env!("CARGO_PKG_VERSION"), "now": now }))
}
