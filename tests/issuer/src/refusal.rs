//! Errors in the shape of OAuth: a code for programs and a sentence for people (RFC 6749 section 5.2).

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The code of every refusal, as the API page lists them.
pub const CODES: &[&str] = &[
    "access_denied",
    "invalid_client",
    "invalid_fault",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "misdirected",
    "request_too_large",
    "temporarily_unavailable",
    "unauthorized_client",
    "unknown_key",
    "unknown_method",
    "unknown_path",
    "unsupported_grant_type",
    "unsupported_response_type",
];

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: StatusCode,
    /// One of [`CODES`].
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) description: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal with the status 400.
    pub(crate) fn new(code: &'static str, description: impl Into<String>) -> Self {
        debug_assert!(
            CODES.contains(&code),
            "{code} stands neither in CODES nor on the API page"
        );
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            description: description.into(),
            headers: Vec::new(),
        }
    }

    /// With another status than 400.
    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Adds a header to the reply.
    pub(crate) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.code, "error_description": self.description }).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.headers);
        response
    }
}
