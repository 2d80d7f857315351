//! What every request passes on its way in and out: host, journal, faults.

use std::sync::Arc;

use axum::body::{self, Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::faults::{self, Effect};
use crate::journal::Arrival;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::routes::{self, Route};
use crate::shared::Shared;

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
    if let Err(refusal) = is_meant_for_us(&shared, request.headers()) {
        return refusal.into_response();
    }
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched
        .and_then(|path| routes::find(request.method(), path.as_str(), &shared.options.path));
    let (mut request, body) = match whole(request).await {
        Ok(whole) => whole,
        Err(refusal) => return refusal.into_response(),
    };
    if route.is_some_and(|route| !route.is_journalled()) {
        return next.run(request).await;
    }
    let number = arrive(&shared, route, &request, &body);
    let effects = route.map_or_else(Vec::new, |route| shared.faults().meet(route));
    let response = if !shared.pause(faults::pause(&effects)).await {
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

/// A page of another site can send requests here, under a name that it points at this machine, or by a form. Neither has the
/// issuer's own host and origin.
fn is_meant_for_us(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name| {
        let value = headers.get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let refuse =
        |description| Err(Refusal::new("misdirected", description).status(StatusCode::FORBIDDEN));
    if !text(header::HOST).is_some_and(|host| shared.authorities.iter().any(|own| own == host)) {
        return refuse("The header Host names somebody else.");
    }
    let own = |origin: &str| {
        let authority = origin.strip_prefix("http://");
        authority.is_some_and(|authority| shared.authorities.iter().any(|own| own == authority))
    };
    if text(header::ORIGIN).is_some_and(|origin| !own(origin)) {
        return refuse(
            "The header Origin names another site. Clients that run in a browser are not served.",
        );
    }
    Ok(())
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
