//! What the issuer says of itself: RFC 8414, and the same for clients that look where OpenID Connect has it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::client::Grant;
use crate::keys::ALGORITHM;
use crate::pkce;
use crate::routes;
use crate::scope::SCOPES;
use crate::shared::Shared;

pub(crate) async fn oauth(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(document(&shared))
}

/// OpenID Connect Discovery demands two members more. They are about ID tokens, which this issuer does not give.
pub(crate) async fn openid(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let mut document = document(&shared);
    document["subject_types_supported"] = json!(["public"]);
    document["id_token_signing_alg_values_supported"] = json!([ALGORITHM]);
    Json(document)
}

fn document(shared: &Shared) -> Value {
    json!({
        "issuer": shared.url,
        "authorization_endpoint": shared.at(routes::AUTHORIZE),
        "token_endpoint": shared.at(routes::TOKEN),
        "jwks_uri": shared.at(routes::JWKS),
        "scopes_supported": SCOPES.map(|(name, _)| name),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": Grant::ALL.map(Grant::name),
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": [pkce::METHOD],
        // RFC 9207
        "authorization_response_iss_parameter_supported": true,
        // Client ID Metadata Documents
        "client_id_metadata_document_supported": true,
    })
}
