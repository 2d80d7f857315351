//! Figures about a project.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::extract::{Ids, Reply};
use crate::hash;
use crate::png;
use crate::shared::Shared;

/// Sprints that are over: number, first and last day.
const PAST: [(u64, &str, &str); 3] = [
    (12, "2026-03-23", "2026-04-03"),
    (13, "2026-04-06", "2026-04-17"),
    (14, "2026-04-20", "2026-05-01"),
];

/// The sprint in which the tracker's clock starts.
const CURRENT: (u64, &str, &str) = (15, "2026-05-04", "2026-05-15");

pub(crate) async fn velocity(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
) -> Reply<Json<Value>> {
    let (planned, done) = shared.read(|store| store.points(&project))?;
    let mut sprints = Vec::new();
    let mut sum = 0;
    for (number, from, to) in PAST {
        // History that stays the same in every run and differs between projects.
        let luck = hash::of_bytes(format!("{project} {number}").as_bytes());
        let (planned, done) = (20 + luck % 11, 15 + luck / 16 % 11);
        sum += done.min(planned);
        sprints.push(sprint(number, from, to, planned, done.min(planned)));
    }
    let (number, from, to) = CURRENT;
    sprints.push(sprint(number, from, to, planned.into(), done.into()));
    let average = sum / PAST.len() as u64;
    Ok(Json(
        json!({ "project": project, "unit": "points", "average": average, "sprints": sprints }),
    ))
}

fn sprint(number: u64, from: &str, to: &str, planned: u64, done: u64) -> Value {
    json!({ "number": number, "from": from, "to": to, "planned": planned, "done": done })
}

pub(crate) async fn burndown(
    State(shared): State<Arc<Shared>>,
    Ids(project): Ids<String>,
) -> Reply<impl IntoResponse> {
    let ((total, done), days) = shared.read(|store| {
        store
            .points(&project)
            .map(|points| (points, store.clock.days()))
    })?;
    let day = u32::try_from(days).unwrap_or(u32::MAX).saturating_add(1);
    Ok((
        [(header::CONTENT_TYPE, "image/png")],
        png::burndown(total, done, day),
    ))
}
