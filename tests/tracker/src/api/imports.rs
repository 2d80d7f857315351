//! Imports: work that goes on after the reply.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use tokio::time::Instant;

use crate::extract::{Ids, Object, Reply};
use crate::model::Import;
use crate::shared::Shared;

/// How often an import goes on.
const STEP: Duration = Duration::from_millis(20);

pub(crate) async fn start(
    State(shared): State<Arc<Shared>>,
    Object(body): Object,
) -> Reply<impl IntoResponse> {
    let import = shared.write(|store| store.start_import(&body))?;
    tokio::spawn(run(Arc::clone(&shared), import.id.clone()));
    let location = format!("/imports/{}", import.id);
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, location)],
        Json(import),
    ))
}

pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    Ids(import): Ids<String>,
) -> Reply<Json<Import>> {
    shared.read(|store| store.import(&import).cloned().map(Json))
}

pub(crate) async fn cancel(
    State(shared): State<Arc<Shared>>,
    Ids(import): Ids<String>,
) -> Reply<Json<Import>> {
    shared.write(|store| store.cancel_import(&import).map(Json))
}

/// Turns rows into tasks until the import has no more, is cancelled, or the tracker stops.
async fn run(shared: Arc<Shared>, import: String) {
    let mut before = Instant::now();
    // Thousandths of a row that are due: slow imports must not lose what one step is short of a row.
    let mut due = 0;
    while shared.end.pause(STEP).await {
        let now = Instant::now();
        let millis = u64::try_from((now - before).as_millis()).unwrap_or(u64::MAX);
        before += Duration::from_millis(millis);
        due += millis.saturating_mul(shared.rows_per_second());
        if !shared.write(|store| store.advance_import(&import, due / 1000)) {
            break;
        }
        due %= 1000;
    }
}
