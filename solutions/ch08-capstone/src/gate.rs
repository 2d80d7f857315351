//! What every request to the MCP endpoint passes, and how it is refused.

// ANCHOR: ex-8-7-e
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::auth::Verifier;
use crate::limits::{Limits, Permit};
use crate::metadata::Announcement;
use crate::scopes::{self, Scope};
use crate::{audit, held, limits, origin};

/// Why a request is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// 403: from a web page, or to a name, that has no business here.
    Foreign(&'static str),
    /// 401: no token, or not where it belongs.
    NoToken,
    /// 401: a token that does not count, and why. For the audit trail, not for the caller.
    BadToken(&'static str),
    /// 403: a good token that does not allow this.
    Scope(Scope),
    /// 429: too much at once; when to come back.
    TooMany(Duration),
    /// 4xx: the body is too long, too slow or broken.
    Body(StatusCode),
    /// 503: the keys of the authorization server cannot be had.
    NoKeys,
}

/// Everything that requests are judged by.
pub struct Gate {
    /// `Host` headers that are accepted.
    pub hosts: Vec<String>,
    /// `Origin` headers that are accepted.
    pub origins: Vec<String>,
    /// Who is calling.
    pub verifier: Verifier,
    /// How much at once.
    pub limits: Limits,
    /// Where to get a token.
    pub announcement: Announcement,
}

/// Lets a request in, or refuses it.
pub async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let mut who = None;
    match enter(&gate, request, &mut who).await {
        // The place of a request is free again when its reply has been sent, or the client has gone.
        Ok((request, permit)) => held::until_sent(next.run(request).await, permit),
        Err(refusal) => {
            audit::refusal(who.as_deref(), &refusal);
            answer(&gate.announcement, &refusal)
        }
    }
}

async fn enter(
    gate: &Gate,
    request: Request,
    who: &mut Option<String>,
) -> Result<(Request, Permit), Refusal> {
    origin::judge(request.headers(), request.uri(), &gate.hosts, &gate.origins)?;
    let caller = gate.verifier.caller(request.headers()).await?;
    *who = Some(caller.subject.clone());
    let permit = gate.limits.admit(&caller.subject)?;
    let settings = gate.limits.settings();
    let request = limits::receive(request, settings).await?;
    let (needed, mut request) = scopes::needed(request, settings.body).await?;
    match needed {
        Some(needed) if !scopes::covers(&caller.scopes, needed) => Err(Refusal::Scope(needed)),
        _ => {
            // Who has it can act as the caller. Nobody further in needs it in a header.
            request.headers_mut().remove(AUTHORIZATION);
            request.extensions_mut().insert(caller);
            Ok((request, permit))
        }
    }
}

/// The reply to a request that is refused. It tells what to do, and nothing about this server.
fn answer(announcement: &Announcement, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Foreign(what) => (StatusCode::FORBIDDEN, *what).into_response(),
        Refusal::NoToken => announcement.unauthorized(None),
        Refusal::BadToken(_) => announcement.unauthorized(Some("invalid_token")),
        Refusal::Scope(needed) => scopes::insufficient(*needed, announcement.address()),
        Refusal::TooMany(after) => {
            let seconds = after.as_secs() + 1;
            let headers = [(RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, headers).into_response()
        }
        Refusal::Body(status) => status.into_response(),
        Refusal::NoKeys => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
// ANCHOR_END: ex-8-7-e
