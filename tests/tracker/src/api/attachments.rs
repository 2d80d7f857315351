//! Files that belong to a task.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;

use crate::extract::{Ids, Parameters, Reply, bad, text_of};
use crate::model::Attachment;
use crate::percent;
use crate::shared::Shared;

/// Longest file, in bytes.
const SIZE: usize = 1_000_000;

/// Longest file name, in characters.
const NAME: usize = 200;

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
    parameters: Parameters,
) -> Reply<Json<Value>> {
    shared.read(|store| {
        store.task(&task)?;
        let own = |(_, attachment): &(usize, &Attachment)| attachment.task == task;
        let items = store
            .attachments
            .iter()
            .enumerate()
            .filter(own)
            .map(|(place, one)| (place as u64 + 1, one));
        parameters.page(&format!("attachments of {task:?}"), items)
    })
}

pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    Ids(task): Ids<String>,
    parameters: Parameters,
    headers: HeaderMap,
    bytes: Bytes,
) -> Reply<impl IntoResponse> {
    let name = parameters.get("name").unwrap_or_default();
    let length = name.chars().count();
    if !(1..=NAME).contains(&length) || name.contains(['/', '\\', '\0']) {
        return Err(bad(
            "name",
            format!("name is a file name of 1 to {NAME} characters, without slashes."),
        ));
    }
    if bytes.len() > SIZE {
        let detail = format!("An attachment has at most {SIZE} bytes.");
        return Err(crate::problem::Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "attachment-too-large",
            detail,
        ));
    }
    let media_type =
        text_of(&headers, header::CONTENT_TYPE.as_str()).unwrap_or("application/octet-stream");
    let attachment = shared.write(|store| store.attach(&task, name, media_type, bytes.to_vec()))?;
    let location = format!(
        "/tasks/{}/attachments/{}",
        percent::encode(&task),
        attachment.id
    );
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(attachment),
    ))
}

pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    Ids((task, attachment)): Ids<(String, String)>,
) -> Reply<impl IntoResponse> {
    let attachment = shared.read(|store| store.attachment(&task, &attachment).cloned())?;
    let file_name = format!(
        "attachment; filename*=UTF-8''{}",
        percent::encode(&attachment.name)
    );
    let headers = [
        (header::CONTENT_TYPE, attachment.media_type),
        (header::CONTENT_DISPOSITION, file_name),
    ];
    Ok((headers, attachment.bytes))
}
