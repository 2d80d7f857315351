//! The way back to the client, over the browser.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use form_urlencoded::Serializer;

use crate::page;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Where an authorization response goes. Only a redirect URI that the client has registered becomes one.
pub(crate) struct WayBack {
    redirect_uri: String,
    state: Option<String>,
    issuer: String,
}

impl WayBack {
    pub(crate) fn new(shared: &Arc<Shared>, redirect_uri: &str, state: Option<&str>) -> Self {
        Self {
            redirect_uri: redirect_uri.into(),
            state: state.map(Into::into),
            issuer: shared.url.clone(),
        }
    }

    /// Sends the browser back with a code.
    pub(crate) fn code(&self, code: &str) -> Response {
        self.with(&[("code", code)])
    }

    /// Sends the browser back with a refusal.
    pub(crate) fn refusal(&self, refusal: &Refusal) -> Response {
        self.with(&[
            ("error", refusal.code),
            ("error_description", &refusal.description),
        ])
    }

    /// `iss` says who answers: a client that talks with several issuers must not mix them up (RFC 9207).
    fn with(&self, answer: &[(&str, &str)]) -> Response {
        let separator = if self.redirect_uri.contains('?') {
            '&'
        } else {
            '?'
        };
        let start = format!("{}{separator}", self.redirect_uri);
        let length = start.len();
        let mut query = Serializer::for_suffix(start, length);
        query.extend_pairs(answer);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &self.issuer);
        let Ok(location) = HeaderValue::try_from(query.finish()) else {
            let refusal = Refusal::new("invalid_request", "redirect_uri is not written in ASCII.");
            return page::refused(&refusal);
        };
        let headers = [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        // 303 turns the form's POST into a GET; 307 would send the form on to the client (OAuth 2.1 section 7.5.2).
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}
