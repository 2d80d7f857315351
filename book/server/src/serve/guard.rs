//! Who may ask: a browser on this machine, from a page of this server.

use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api;
use super::refusal::Refusal;

/// What every answer says: take it for what it is called, tell nobody where the reader comes from, and let no page
/// of another site embed or open it.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Refuses what no page of the book would send.
///
/// A foreign page can make its own name point to 127.0.0.1 (DNS rebinding); then `Host` is that name. It can also
/// send requests here from elsewhere; then `Origin` is not ours. No answer ever carries a header of CORS, so a
/// browser lets no foreign page read one.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let to_api = api::is_at(request.uri().path());
    let mut response = match refuse(&request, to_api) {
        None => next.run(request).await,
        Some(refusal) if to_api => refusal.into_response(),
        Some(refusal) => refusal.as_text(),
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = match to_api {
            true => "POST",
            false => "GET, HEAD",
        };
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    response.headers_mut().extend(HEADERS);
    response
}

fn refuse(request: &Request, to_api: bool) -> Option<Refusal> {
    let headers = request.headers();
    if !host_is_loopback(headers) {
        return Some(Refusal::new(
            StatusCode::FORBIDDEN,
            "foreign_host",
            "this server answers to 127.0.0.1 and localhost only",
        ));
    }
    if !origin_is_own(headers) {
        return Some(Refusal::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "this server answers to its own pages only",
        ));
    }
    let method = request.method();
    match (to_api, method == Method::GET || method == Method::HEAD) {
        (true, _) if method != Method::POST => Some(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "post_only",
            "this address takes POST only",
        )),
        (false, false) => Some(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "read_only",
            "the book can only be read",
        )),
        _ => None,
    }
}

/// Exactly one `Host`, and it names this machine.
fn host_is_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    host.to_str()
        .is_ok_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&without_port(host)))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => host,
    }
}

/// No `Origin` (a link, an address typed in), or the one of the page that `Host` is.
fn origin_is_own(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin
            .to_str()
            .is_ok_and(|origin| origin.strip_prefix("http://") == Some(host))
    })
}
