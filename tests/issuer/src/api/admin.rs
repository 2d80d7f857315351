//! Faults and keys by hand. These routes exist only if the issuer was started with them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::refusal::Refusal;
use crate::shared::Shared;

pub(crate) async fn faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "items": shared.faults().pending() }))
}

pub(crate) async fn add_fault(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let wrong = |problem: String| Refusal::new("invalid_fault", problem);
    let given: Value = serde_json::from_slice(&body)
        .map_err(|error| wrong(format!("The body is no JSON: {error}.")))?;
    let fault: Fault = serde_json::from_value(given.clone())
        .map_err(|error| wrong(format!("This is no fault: {error}.")))?;
    let read = json!(fault);
    // What does not come out again was not understood.
    let fields = given
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    if let Some(field) = fields
        .into_iter()
        .find(|field| read.get(field.as_str()).is_none())
    {
        return Err(wrong(format!("This fault has no field {field:?}.")));
    }
    shared
        .faults()
        .add(fault)
        .map_err(|error| wrong(format!("Cannot happen: {error}.")))?;
    Ok((StatusCode::CREATED, Json(read)))
}

pub(crate) async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.faults().clear();
    StatusCode::NO_CONTENT
}

pub(crate) async fn rotate_key(State(shared): State<Arc<Shared>>) -> (StatusCode, Json<Value>) {
    (
        StatusCode::CREATED,
        Json(json!({ "kid": shared.rotate_key() })),
    )
}

pub(crate) async fn revoke_key(
    State(shared): State<Arc<Shared>>,
    Path(kid): Path<String>,
) -> Result<StatusCode, Refusal> {
    if shared.revoke_key(&kid) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let description = format!("There is no key {kid:?} in the set.");
    Err(Refusal::new("unknown_key", description).status(StatusCode::NOT_FOUND))
}
