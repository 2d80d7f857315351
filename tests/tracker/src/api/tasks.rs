//! Tasks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::clock;
use crate::extract::{Ids, Object, Parameters, Reply, bad, text_of};
use crate::model::{State as TaskState, Task, TaskLine};
use crate::percent;
use crate::problem::Problem;
use crate::shared::Shared;

/// What the list can be asked for.
pub(crate) const FILTERS: &[&str] = &[
    "project", "state", "assignee", "text", "due_from", "due_to", "cursor", "limit",
];

/// The header that makes a creation repeatable.
const KEY: &str = "idempotency-key";

/// Longest Idempotency-Key, in characters.
const KEY_LENGTH: usize = 255;

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    parameters: Parameters,
) -> Reply<Json<Value>> {
    let states = TaskState::ALL.map(|state| (state.name(), state));
    let state = parameters.one_of("state", &states)?;
    let (from, to) = (day(&parameters, "due_from")?, day(&parameters, "due_to")?);
    let text = parameters.get("text").map(str::to_lowercase);
    let wanted = |task: &&Task| {
        parameters
            .get("project")
            .is_none_or(|project| task.project == project)
            && state.is_none_or(|state| task.state == state)
            && parameters
                .get("assignee")
                .is_none_or(|assignee| task.assignee.as_deref() == Some(assignee))
            && from.is_none_or(|from| task.due.as_deref().is_some_and(|due| due >= from))
            && to.is_none_or(|to| task.due.as_deref().is_some_and(|due| due <= to))
            && text.as_deref().is_none_or(|text| mentions(task, text))
    };
    shared.read(|store| {
        if let Some(project) = parameters.get("project") {
            // A name that does not exist is a mistake, not an empty list.
            store.project(project)?;
        }
        let items = store
            .tasks
            .iter()
            .filter(wanted)
            .map(|task| (task.order, TaskLine::from(task)));
        parameters.page("tasks", items)
    })
}

pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Object(body): Object,
) -> Reply<Response> {
    let Some(value) = headers.get(KEY) else {
        return shared
            .write(|store| store.create_task(&body))
            .map(|task| created(&task, false));
    };
    let key = value
        .to_str()
        .ok()
        .filter(|key| (1..=KEY_LENGTH).contains(&key.len()))
        .ok_or_else(|| {
            let detail =
                format!("An Idempotency-Key has 1 to {KEY_LENGTH} visible ASCII characters.");
            Problem::bad_request("invalid-idempotency-key", detail).field("Idempotency-Key")
        })?;
    let (task, again) = shared.write(|store| store.create_task_once(key, &body))?;
    Ok(created(&task, again))
}

pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
) -> Reply<Response> {
    shared.read(|store| store.task(&task).map(found))
}

pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
    headers: HeaderMap,
    Object(body): Object,
) -> Reply<Response> {
    shared
        .write(|store| store.patch_task(&task, if_match(&headers), &body))
        .map(|task| found(&task))
}

pub(crate) async fn transition(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
    headers: HeaderMap,
    Object(body): Object,
) -> Reply<Response> {
    shared
        .write(|store| store.move_task(&task, if_match(&headers), &body))
        .map(|task| found(&task))
}

pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
    headers: HeaderMap,
) -> Reply<StatusCode> {
    shared
        .write(|store| store.delete_task_if(&task, if_match(&headers)))
        .map(|()| StatusCode::NO_CONTENT)
}

fn found(task: &Task) -> Response {
    ([(header::ETAG, task.etag())], Json(task)).into_response()
}

fn created(task: &Task, again: bool) -> Response {
    let location = format!("/tasks/{}", percent::encode(&task.id));
    let again = if again { "true" } else { "false" };
    (
        StatusCode::CREATED,
        [
            ("location", location.as_str()),
            ("idempotency-replayed", again),
        ],
        found(task),
    )
        .into_response()
}

fn if_match(headers: &HeaderMap) -> Option<&str> {
    // A header that is no text matches no ETag.
    headers
        .contains_key(header::IF_MATCH)
        .then(|| text_of(headers, header::IF_MATCH.as_str()).unwrap_or_default())
}

fn mentions(task: &Task, text: &str) -> bool {
    task.title.to_lowercase().contains(text) || task.description.to_lowercase().contains(text)
}

fn day<'a>(parameters: &'a Parameters, name: &str) -> Reply<Option<&'a str>> {
    let Some(text) = parameters.get(name) else {
        return Ok(None);
    };
    if clock::is_date(text) {
        return Ok(Some(text));
    }
    Err(bad(
        name,
        format!("{text:?} is not a day that exists, written YYYY-MM-DD."),
    ))
}
