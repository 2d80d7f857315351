//! Faults by hand. These routes exist only if the tracker was started with them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::extract::{Object, Reply};
use crate::faults::{Effect, Fault, WrongFault};
use crate::problem::Problem;
use crate::shared::Shared;

pub(crate) async fn list(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "items": shared.faults().pending() }))
}

pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    Object(body): Object,
) -> Reply<(StatusCode, Json<Value>)> {
    let fault: Fault = serde_json::from_value(Value::Object(body.clone())).map_err(|error| {
        Problem::invalid("effect", format!("This is no fault: {error}.")).allowed(Effect::NAMES)
    })?;
    let read = json!(fault);
    // What does not come out again was not understood.
    if let Some(field) = body.keys().find(|field| read.get(field).is_none()) {
        return Err(Problem::invalid(
            field,
            format!("This fault has no field {field:?}."),
        ));
    }
    shared.faults().add(fault).map_err(|error| {
        let field = match error {
            WrongFault::UnknownRoute(_) | WrongFault::NeverMet(_) => "route",
            WrongFault::NoErrorStatus(_) => "status",
        };
        Problem::invalid(field, format!("Cannot happen: {error}."))
    })?;
    Ok((StatusCode::CREATED, Json(read)))
}

pub(crate) async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.faults().clear();
    StatusCode::NO_CONTENT
}
