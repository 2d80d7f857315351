//! Errors in one shape: problem details, RFC 9457.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// The short name of every problem, as the API page lists them.
pub const PROBLEMS: &[&str] = &[
    "attachment-too-large",
    "body-too-large",
    "changed-meanwhile",
    "cursor-expired",
    "expired-token",
    "failed",
    "idempotency-key-reused",
    "if-match-required",
    "illegal-transition",
    "import-done",
    "invalid-cursor",
    "invalid-field",
    "invalid-idempotency-key",
    "invalid-parameter",
    "invalid-token",
    "json-expected",
    "malformed-body",
    "malformed-json",
    "malformed-path",
    "malformed-query",
    "missing-token",
    "not-archived",
    "project-archived",
    "refused",
    "repeated-parameter",
    "stopping",
    "too-many-requests",
    "unknown-attachment",
    "unknown-import",
    "unknown-method",
    "unknown-parameter",
    "unknown-path",
    "unknown-project",
    "unknown-task",
];

/// What went wrong with a request, and what would be right.
///
/// `type` is `urn:tracker:problem:` and a short name; programs look at it, people read `detail`. `field` names the part of the
/// request that is wrong, `allowed` what it may be, where there is such a thing.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with its status, its short name and a sentence for people.
    pub(crate) fn new(status: StatusCode, name: &str, detail: impl Into<String>) -> Self {
        debug_assert!(
            PROBLEMS.contains(&name),
            "{name} stands neither in PROBLEMS nor on the API page"
        );
        let mut members = Map::new();
        members.insert("type".into(), format!("urn:tracker:problem:{name}").into());
        members.insert(
            "title".into(),
            status.canonical_reason().unwrap_or("Problem").into(),
        );
        members.insert("status".into(), status.as_u16().into());
        members.insert("detail".into(), detail.into().into());
        Self {
            status,
            members,
            headers: Vec::new(),
        }
    }

    /// 400: the request cannot be read.
    pub(crate) fn bad_request(name: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, name, detail)
    }

    /// 404: there is no such thing.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            &format!("unknown-{what}"),
            format!("There is no {what} {id:?}."),
        )
        .field(what)
    }

    /// 409: not in this state.
    pub(crate) fn conflict(name: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, name, detail)
    }

    /// 422: the request can be read, but this field cannot be what it is.
    pub(crate) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-field", detail).field(field)
    }

    /// Names the part of the request that is wrong.
    pub(crate) fn field(self, field: &str) -> Self {
        self.with("field", field)
    }

    /// Names what would be right.
    pub(crate) fn allowed<T: Into<Value>>(self, values: impl IntoIterator<Item = T>) -> Self {
        self.with(
            "allowed",
            values.into_iter().map(Into::into).collect::<Vec<Value>>(),
        )
    }

    /// Adds a member of its own.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.into(), value.into());
        self
    }

    /// Adds a header to the reply.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!(self.members).to_string();
        let mut response = (self.status, body).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response.headers_mut().extend(self.headers);
        response
    }
}
