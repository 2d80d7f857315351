//! Which pages may call: those of other sites only where nothing depends on who sits at the browser.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;
use crate::routes::Route;
use crate::shared::Shared;

/// What a page may send beside a simple request: its secret, and the header of MCP that clients put on everything.
const MAY_SEND: &str = "authorization, content-type, mcp-protocol-version";

/// Refuses a request that a page of another site has made up: under a name that it points at this machine, or by a form. The
/// first has a foreign host, the second a foreign origin.
///
/// # Errors
/// `misdirected`
pub(crate) fn check(
    shared: &Shared,
    headers: &HeaderMap,
    for_all_sites: bool,
) -> Result<(), Refusal> {
    let text = |name: HeaderName| {
        let value = headers.get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let is_own = |authority: &str| shared.authorities.iter().any(|own| own == authority);
    if !text(header::HOST).is_some_and(is_own) {
        return Err(refused("The header Host names somebody else."));
    }
    let comes_from_here = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own);
    if !for_all_sites && text(header::ORIGIN).is_some_and(|origin| !comes_from_here(origin)) {
        return Err(refused("The header Origin names another site."));
    }
    Ok(())
}

/// The answer to a browser that asks before it sends.
pub(crate) fn preflight(route: &Route) -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, route.method),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, MAY_SEND),
    ];
    readable((StatusCode::NO_CONTENT, headers).into_response())
}

/// Lets every page read this reply.
pub(crate) fn readable(mut response: Response) -> Response {
    let all = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    response
}

fn refused(description: &str) -> Refusal {
    Refusal::new("misdirected", description).status(StatusCode::FORBIDDEN)
}
