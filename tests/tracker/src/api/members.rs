//! Members of a project.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::extract::{Ids, Parameters, Reply};
use crate::model::Member;
use crate::shared::Shared;

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
    parameters: Parameters,
) -> Reply<Json<Value>> {
    let prefix = parameters.get("prefix").unwrap_or_default().to_lowercase();
    shared.read(|store| {
        let wanted = |member: &&Member| member.name.to_lowercase().starts_with(&prefix);
        let items = store
            .members_of(&project)?
            .iter()
            .filter(wanted)
            .map(|member| (member.order, member));
        parameters.page(&format!("members of {project:?}"), items)
    })
}
