//! Projects.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use crate::extract::{Ids, Parameters, Reply};
use crate::model::Project;
use crate::shared::Shared;

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    parameters: Parameters,
) -> Reply<Json<Value>> {
    let archived = parameters.one_of("archived", &[("true", true), ("false", false)])?;
    shared.read(|store| {
        let wanted =
            |project: &&Project| archived.is_none_or(|archived| project.archived == archived);
        let items = store
            .projects
            .iter()
            .filter(wanted)
            .map(|project| (project.order, project));
        parameters.page("projects", items)
    })
}

pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
) -> Reply<Json<Project>> {
    shared.read(|store| store.project(&project).cloned().map(Json))
}

pub(crate) async fn archive(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
) -> Reply<Json<Project>> {
    shared.write(|store| store.archive_project(&project).map(Json))
}

pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
) -> Reply<StatusCode> {
    shared
        .write(|store| store.delete_project(&project))
        .map(|()| StatusCode::NO_CONTENT)
}
