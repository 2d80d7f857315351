//! Faults by hand. These routes exist only if the tracker was started with them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::extract::{Object, Reply};
use crate::faults::{Effect, Fault};
use crate::problem::Problem;
use crate::shared::Shared;

pub(crate) async fn list(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "items": shared.faults().pending() }))
}

pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    Object(body): Object,
) -> Reply<(StatusCode, Json<Fault>)> {
    let fault: Fault = serde_json::from_value(Value::Object(body)).map_err(|error| {
        Problem::invalid("effect", format!("This is no fault: {error}.")).allowed(Effect::NAMES)
    })?;
    shared
        .faults()
        .add(fault.clone())
        .map_err(|error| Problem::invalid("route", format!("{error}.")))?;
    Ok((StatusCode::CREATED, Json(fault)))
}

pub(crate) async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.faults().clear();
    StatusCode::NO_CONTENT
}
