//! `POST /api/news`: what changes while a page is open, one JSON object a line, until the page goes away.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::timeout;

use super::Ask;
use crate::serve::App;
use crate::serve::live::Status;

/// How long the server is silent at most. A page that hears nothing for longer knows that the connection is dead.
const PULSE: Duration = Duration::from_secs(15);

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/news", post(news))
}

/// Nothing to say yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listener {}

/// One line.
#[derive(Serialize)]
#[serde(tag = "news", rename_all = "snake_case")]
enum News {
    /// The book: at once, and after every build.
    Book(Status),
    /// Nothing, and the server is still there.
    Pulse,
}

async fn news(State(app): State<Arc<App>>, Ask(Listener {}): Ask<Listener>) -> impl IntoResponse {
    let mut book = app.book.status();
    book.mark_changed();
    let lines = stream::unfold(book, |mut book| async {
        let line = next(&mut book).await?.line();
        Some((Ok::<_, Infallible>(line), book))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    (kind, Body::from_stream(lines))
}

/// None when there will be no more.
async fn next(book: &mut watch::Receiver<Status>) -> Option<News> {
    match timeout(PULSE, book.changed()).await {
        Ok(changed) => {
            changed.ok()?;
            Some(News::Book(book.borrow_and_update().clone()))
        }
        Err(_) => Some(News::Pulse),
    }
}

impl News {
    fn line(&self) -> Bytes {
        // These types have a JSON form.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line.into()
    }
}
