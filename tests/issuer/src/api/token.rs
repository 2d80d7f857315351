//! The token endpoint, RFC 6749 section 3.2.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::authentication::{self, Caller};
use crate::client::Grant;
use crate::gate::Spoiled;
use crate::grants::{Redeemed, Redeeming};
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::resource;
use crate::scope;
use crate::shared::Shared;
use crate::token::Granted;

/// The only media type of a token request.
const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) async fn token(
    State(shared): State<Arc<Shared>>,
    Extension(spoiled): Extension<Spoiled>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    if !media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case(FORM)) {
        return Err(Refusal::new(
            "invalid_request",
            format!("Content-Type has to be {FORM}."),
        ));
    }
    let form = Parameters::read(&body);
    form.each_once()?;
    let wanted = form.need("grant_type")?;
    let grant = Grant::ALL
        .into_iter()
        .find(|grant| grant.name() == wanted)
        .ok_or_else(|| {
            let description = format!("There is no grant_type {wanted:?} here.");
            Refusal::new("unsupported_grant_type", description)
        })?;
    let caller = authentication::read(&shared.options.clients, &headers, &form)?;
    caller.may(grant)?;
    let redeemed = match grant {
        Grant::AuthorizationCode => by_code(&shared, &caller, &form)?,
        Grant::RefreshToken => by_refresh(&shared, &caller, &form)?,
        Grant::ClientCredentials => by_itself(&caller, &form)?,
    };
    Ok(reply(&shared, &redeemed, &spoiled))
}

fn by_code(shared: &Shared, caller: &Caller, form: &Parameters) -> Result<Redeemed, Refusal> {
    let redeeming = Redeeming {
        client: caller.id(),
        redirect_uri: form.need("redirect_uri")?,
        verifier: form.need("code_verifier")?,
        resource: &resource::read(form)?,
    };
    let code = form.need("code")?;
    shared
        .grants()
        .redeem(code, &redeeming, &mut shared.secrets())
}

fn by_refresh(shared: &Shared, caller: &Caller, form: &Parameters) -> Result<Redeemed, Refusal> {
    let token = form.need("refresh_token")?;
    let resource = resource::read(form)?;
    let narrowed = |granted: &Granted| {
        if resource != granted.resource {
            let description = "resource is not the one that was granted.";
            return Err(Refusal::new("invalid_target", description));
        }
        let Some(asked) = form.get("scope") else {
            return Ok(granted.clone());
        };
        let scope = scope::read(Some(asked))?;
        if !scope::is_within(&scope, &granted.scope) {
            let description = format!("No more than {:?} was granted.", granted.scope);
            return Err(Refusal::new("invalid_scope", description));
        }
        Ok(Granted {
            scope,
            ..granted.clone()
        })
    };
    shared
        .grants()
        .renew(token, caller.id(), narrowed, &mut shared.secrets())
}

/// Nobody stands behind it, so the client is its own subject (RFC 9068 section 2.2), and has its secret to renew with.
fn by_itself(caller: &Caller, form: &Parameters) -> Result<Redeemed, Refusal> {
    let granted = Granted {
        resource: resource::read(form)?,
        subject: caller.id().into(),
        client: caller.id().into(),
        scope: scope::read(form.get("scope"))?,
    };
    Ok(Redeemed {
        granted,
        refresh: None,
    })
}

fn reply(shared: &Shared, redeemed: &Redeemed, spoiled: &Spoiled) -> Response {
    let granted = &redeemed.granted;
    let opaque = shared
        .options
        .opaque_tokens
        .get(granted.resource.trim_end_matches('/'));
    let token = opaque.cloned().unwrap_or_else(|| {
        let right = shared.draft(granted);
        let draft = spoiled
            .0
            .iter()
            .fold(right, |draft, effect| effect.spoil(draft));
        shared.mint(&draft)
    });
    let mut members: Map<String, Value> = Map::new();
    members.insert("access_token".into(), token.into());
    members.insert("token_type".into(), "Bearer".into());
    members.insert(
        "expires_in".into(),
        shared.options.token_lifetime.as_secs().into(),
    );
    members.insert("scope".into(), granted.scope.clone().into());
    if let Some(refresh) = &redeemed.refresh {
        members.insert("refresh_token".into(), refresh.clone().into());
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(members)).into_response()
}
