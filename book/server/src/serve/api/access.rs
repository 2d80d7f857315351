//! What a request must bring before anything runs for it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::timeout;

use super::TOKEN;
use crate::serve::App;
use crate::serve::refusal::Refusal;

/// The longest body in bytes. What a reader types into a form is far shorter.
const LONGEST: usize = 256 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets a request pass that comes from a page of this run, and brings its body as a whole.
pub(super) async fn check(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "post_only",
            "this address takes POST only",
        ));
    }
    let headers = request.headers();
    from_own_page(headers)?;
    with_token(&app, headers)?;
    is_json(headers)?;
    let (head, body) = request.into_parts();
    let body = whole(&head.headers, body).await?;
    let mut response = next.run(Request::from_parts(head, body)).await;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Browsers say where a request comes from; programs that are none say nothing, and have no token either.
fn from_own_page(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    match sites.all(|site| site == "same-origin") {
        true => Ok(()),
        false => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "this server answers to its own pages only",
        )),
    }
}

fn with_token(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let mut given = headers.get_all(TOKEN).iter();
    let (code, message) = match (given.next(), given.next()) {
        (Some(token), None) if app.token.is(token.as_bytes()) => return Ok(()),
        (None, _) => (
            "no_token",
            "the request has no token: it comes from no page",
        ),
        _ => (
            "wrong_token",
            "the page is of another run of the server: load it again",
        ),
    };
    Err(Refusal::new(StatusCode::FORBIDDEN, code, message))
}

/// A form of another site can send text, never this type, without asking first.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let is_json = match (kinds.next(), kinds.next()) {
        (Some(kind), None) => kind.to_str().is_ok_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default();
            essence.trim().eq_ignore_ascii_case("application/json")
        }),
        _ => false,
    };
    match is_json {
        true => Ok(()),
        false => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "the body must be application/json",
        )),
    }
}

/// The body, read before anything is done for it.
async fn whole(headers: &HeaderMap, body: Body) -> Result<Body, Refusal> {
    let too_large = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("the body is longer than {} KiB", LONGEST / 1024),
        )
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LONGEST) {
        return Err(too_large());
    }
    match timeout(PATIENCE, to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) => Ok(Body::from(bytes)),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "too_slow",
            "the body did not arrive in time",
        )),
    }
}
