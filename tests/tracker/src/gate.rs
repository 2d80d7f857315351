//! What every request passes on its way in and out: journal, token, faults.

use std::sync::Arc;

use axum::RequestExt;
use axum::body::{self, Body};
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::extract::{Parameters, text_of};
use crate::faults::{self, Effect, Features};
use crate::problem::Problem;
use crate::routes::{self, Route};
use crate::shared::Shared;

/// Longest body of a request, in bytes.
const BODY: usize = 2_000_000;

/// Long enough for every reply of the tracker.
const REPLY: usize = 64_000_000;

/// A request with what the gate needs to know about it.
struct Visit {
    route: Option<&'static Route>,
    task: Option<String>,
    effects: Vec<Effect>,
    request: Request,
}

/// Lets a request in.
pub(crate) async fn pass(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path == routes::HEALTH {
        return next.run(request).await;
    }
    if path.starts_with(routes::ADMIN) {
        return match judge(&shared, &request) {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        };
    }
    match arrive(&shared, request).await {
        Err(problem) => problem.into_response(),
        Ok((number, visit)) => {
            let only_reads = visit.request.method().is_safe();
            let work = async move {
                let response = answer(&shared, visit, next).await;
                shared.journal().answer(number, response.status().as_u16());
                response
            };
            if only_reads {
                work.await
            } else {
                // A caller that hangs up does not undo what it has asked for.
                tokio::spawn(work)
                    .await
                    .unwrap_or_else(|_| lost().into_response())
            }
        }
    }
}

/// Reads the whole request, writes it down and finds out which faults meet it.
async fn arrive(shared: &Shared, mut request: Request) -> Result<(u64, Visit), Problem> {
    let matched = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let route = matched.and_then(|path| routes::find(request.method(), &path));
    let task = request
        .extract_parts::<RawPathParams>()
        .await
        .ok()
        .and_then(|ids| {
            ids.iter()
                .find(|(name, _)| *name == "task")
                .map(|(_, id)| id.to_owned())
        });
    let (parts, body) = request.into_parts();
    let bytes = body::to_bytes(body, BODY).await.map_err(|_| {
        let detail = format!("The body has more than {BODY} bytes, or it ended too early.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
    })?;
    let name = route.map(Route::name);
    let number = shared.journal().arrive(
        &parts.method,
        &parts.uri,
        name.as_deref(),
        &parts.headers,
        &bytes,
    );
    let features = Features {
        names_task: task.is_some(),
        has_cursor: Parameters::of(&parts.uri)
            .is_ok_and(|query| query.get("cursor").or(query.get("after")).is_some()),
    };
    let effects = shared.faults().meet(name.as_deref(), &features);
    Ok((
        number,
        Visit {
            route,
            task,
            effects,
            request: Request::from_parts(parts, Body::from(bytes)),
        },
    ))
}

async fn answer(shared: &Shared, visit: Visit, next: Next) -> Response {
    let (before, after) = faults::pauses(&visit.effects);
    let cut = visit.effects.contains(&Effect::TruncatedJson);
    if !shared.end.pause(before).await {
        return stopping().into_response();
    }
    let response = match enter(shared, &visit) {
        Ok(None) => next.run(visit.request).await,
        Ok(Some(reply)) => reply,
        Err(problem) => problem.into_response(),
    };
    let response = if cut {
        truncate(response).await
    } else {
        response
    };
    if shared.end.pause(after).await {
        response
    } else {
        stopping().into_response()
    }
}

/// The rules at the door: a reply if a fault gives one, a problem if the request is refused.
fn enter(shared: &Shared, visit: &Visit) -> Result<Option<Response>, Problem> {
    judge(shared, &visit.request)?;
    if let Some(reply) = visit.effects.iter().find_map(Effect::reply) {
        return Ok(Some(reply));
    }
    if let Some(route) = visit.route {
        Parameters::of(visit.request.uri())?.check(route.parameters)?;
    }
    if let Some(task) = &visit.task
        && visit.effects.contains(&Effect::EditedMeanwhile)
    {
        shared.write(|store| store.edit_task(task, |_| ()));
    }
    Ok(None)
}

fn judge(shared: &Shared, request: &Request) -> Result<(), Problem> {
    shared
        .access()
        .judge(text_of(request.headers(), header::AUTHORIZATION.as_str()))
}

/// The first half of a reply, with headers that fit: broken JSON in whole HTTP.
async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    match body::to_bytes(body, REPLY).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2))),
        Err(_) => lost().into_response(),
    }
}

fn stopping() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "stopping",
        "The tracker is stopping.",
    )
}

fn lost() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "failed",
        "The tracker has a fault of its own; its log says more.",
    )
}
