//! What pages ask the server for: everything that runs code or reads files.
//!
//! Every route is a POST with a JSON object, an empty one if there is nothing to say, and the token of this run
//! in the header [`TOKEN`]. A new part is a module with a `routes()` that [`routes`] merges; what each of its
//! handlers gets has passed [`access::check`], its body included.

mod access;
mod ask;
mod console;
mod exercises;
mod news;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use super::App;
use super::refusal::Refusal;

pub(crate) use ask::Ask;

/// The header that carries the token.
pub(crate) const TOKEN: &str = "x-workbook-token";

/// Where the routes are.
pub(crate) const PATH: &str = "/api";

/// Whether a path belongs to this part of the server.
pub(crate) fn is_at(path: &str) -> bool {
    path.strip_prefix(PATH)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// All routes, guarded.
pub(crate) fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .merge(console::routes())
        .merge(exercises::routes())
        .merge(news::routes())
        .fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(app), access::check))
}

async fn unknown() -> Refusal {
    Refusal::not_found("there is no such address")
}
