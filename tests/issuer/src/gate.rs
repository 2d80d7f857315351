//! What every request passes on its way in and out: host and origin, journal, faults.

use std::sync::Arc;

use axum::body::{self, Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::faults::{self, Effect};
use crate::journal::Arrival;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::routes::{self, Route};
use crate::shared::Shared;
use crate::sites;

/// Longest body of a request, in bytes.
const BODY: usize = 64 * 1024;

/// What is to happen to the token of this request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spoiled(pub(crate) Vec<Effect>);

/// Lets a request in.
pub(crate) async fn pass(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let path = matched.map_or_else(String::new, |path| path.as_str().to_owned());
    let prefix = &shared.options.path;
    let for_all_sites = routes::at(&path, prefix).find(|route| route.is_for_all_sites());
    if let Err(refusal) = sites::check(&shared, request.headers(), for_all_sites.is_some()) {
        return refusal.into_response();
    }
    match for_all_sites {
        Some(route) if request.method() == Method::OPTIONS => sites::preflight(route),
        Some(_) => sites::readable(enter(&shared, &path, request, next).await),
        None => enter(&shared, &path, request, next).await,
    }
}

/// Writes the request down, lets happen to it what somebody has asked for, and has it answered.
async fn enter(shared: &Shared, path: &str, request: Request, next: Next) -> Response {
    let route = routes::find(request.method(), path, &shared.options.path);
    let (mut request, body) = match whole(request).await {
        Ok(whole) => whole,
        Err(refusal) => return refusal.into_response(),
    };
    if route.is_some_and(|route| !route.is_journalled()) {
        return next.run(request).await;
    }
    let number = arrive(shared, route, &request, &body);
    let effects = route.map_or_else(Vec::new, |route| shared.faults().meet(route));
    let response = if !shared.end.pause(faults::pause(&effects)).await {
        stopping().into_response()
    } else if let Some(refusal) = effects.iter().find_map(Effect::reply) {
        refusal.into_response()
    } else {
        request.extensions_mut().insert(Spoiled(effects));
        next.run(request).await
    };
    shared.journal().answer(number, response.status().as_u16());
    response
}

/// Reads the whole body, and gives it beside the request that still has it.
async fn whole(request: Request) -> Result<(Request, Bytes), Refusal> {
    let (parts, body) = request.into_parts();
    let bytes = body::to_bytes(body, BODY).await.map_err(|_| {
        let description = format!("The body has more than {BODY} bytes, or it ended too early.");
        Refusal::new("request_too_large", description).status(StatusCode::PAYLOAD_TOO_LARGE)
    })?;
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    Ok((request, bytes))
}

fn arrive(shared: &Shared, route: Option<&Route>, request: &Request, body: &[u8]) -> u64 {
    let query = request.uri().query().unwrap_or_default();
    shared.journal().arrive(&Arrival {
        method: request.method(),
        path: request.uri().path(),
        route,
        headers: request.headers(),
        query: &Parameters::read(query.as_bytes()),
        form: &Parameters::read(body),
    })
}

fn stopping() -> Refusal {
    Refusal::new("temporarily_unavailable", "The issuer is stopping.")
        .status(StatusCode::SERVICE_UNAVAILABLE)
}
