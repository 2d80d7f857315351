//! `POST /api/console/…`: a server of a chapter, tried by hand.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::Ask;
use crate::serve::App;
use crate::serve::console::{Event, Refused, Wanted};
use crate::serve::refusal::Refusal;

/// How long a stream is silent at most.
const PULSE: Duration = Duration::from_secs(10);
/// The longest limit of a call that a page may ask for, in seconds.
const LONGEST_LIMIT: u64 = 3600;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/console/open", post(open))
        .route("/console/call", post(call))
        .route("/console/answer", post(answer))
        .route("/console/cancel", post(cancel))
        .route("/console/send", post(send))
        .route("/console/restart", post(restart))
        .route("/console/stop", post(stop))
}

/// A console, as a stream of events. It ends with the stream.
async fn open(
    State(app): State<Arc<App>>,
    Ask(wanted): Ask<Wanted>,
) -> Result<impl IntoResponse, Refusal> {
    let events = app.consoles.open(&wanted)?;
    let lines = stream::unfold(events, |mut events| async {
        let event = next(&mut events).await?;
        Some((Ok::<_, Infallible>(line(&event)), events))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(lines)))
}

/// None when there will be no more.
async fn next(events: &mut mpsc::Receiver<Event>) -> Option<Event> {
    match timeout(PULSE, events.recv()).await {
        Ok(event) => event,
        Err(_) => Some(Event::Pulse),
    }
}

fn line(event: &Event) -> Bytes {
    // These types have a JSON form.
    let mut line = serde_json::to_vec(event).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    session: u64,
    /// The page's own number, by which events name the call.
    call: u64,
    method: String,
    params: Value,
    /// How long the server may take, in seconds.
    limit: u64,
}

async fn call(State(app): State<Arc<App>>, Ask(asked): Ask<Call>) -> Done {
    let Call {
        session,
        call,
        method,
        params,
        limit,
    } = asked;
    if !params.is_object() {
        return Err(Refusal::bad_request("params is no object"));
    }
    let limit = Duration::from_secs(limit.clamp(1, LONGEST_LIMIT));
    let consoles = &app.consoles;
    done(consoles.call(session, call, method, params, limit).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    session: u64,
    question: u64,
    /// An `ElicitResult`.
    result: Value,
}

async fn answer(State(app): State<Arc<App>>, Ask(answer): Ask<Answer>) -> Done {
    let Answer {
        session,
        question,
        result,
    } = answer;
    done(app.consoles.answer(session, question, result).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    session: u64,
    call: u64,
}

async fn cancel(State(app): State<Arc<App>>, Ask(cancel): Ask<Cancel>) -> Done {
    done(app.consoles.cancel(cancel.session, cancel.call).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    session: u64,
    /// One line or several.
    text: String,
}

async fn send(State(app): State<Arc<App>>, Ask(send): Ask<Send>) -> Done {
    done(app.consoles.send(send.session, send.text).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    session: u64,
}

async fn restart(State(app): State<Arc<App>>, Ask(which): Ask<Session>) -> Done {
    done(app.consoles.restart(which.session).await)
}

async fn stop(State(app): State<Arc<App>>, Ask(which): Ask<Session>) -> Done {
    done(app.consoles.stop(which.session).await)
}

/// Nothing to say but that it is done.
type Done = Result<Json<Value>, Refusal>;

fn done(outcome: Result<(), Refused>) -> Done {
    outcome?;
    Ok(Json(json!({})))
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::NoChapter(_) => Self::not_found(message),
            Refused::NoSession => Self::new(StatusCode::NOT_FOUND, "no_session", message),
            Refused::TooMany => Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message),
            Refused::Not(_) => Self::new(StatusCode::CONFLICT, "not_now", message),
            Refused::Fault(error) => error.into(),
        }
    }
}
