//! Whether this is an issuer.

use axum::Json;
use serde_json::{Value, json};

pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "service": "issuer", "version": env!("CARGO_PKG_VERSION") }))
}
