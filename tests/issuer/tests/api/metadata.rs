//! What the issuer says of itself, and where.

use issuer::Options;
use serde_json::{Value, json};

use crate::support::Api;

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

fn root(url: &str) -> &str {
    let end = url
        .match_indices('/')
        .nth(2)
        .map_or(url.len(), |(at, _)| at);
    &url[..end]
}

// Holds: GET /.well-known/oauth-authorization-server
#[tokio::test]
async fn the_document_has_what_a_client_needs() {
    let api = Api::start().await;
    let url = api.issuer.url();
    let document = api.get(OAUTH).await.ok();
    let expected = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "scopes_supported": ["tracker:read", "tracker:write", "tracker:admin"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": true,
    });
    assert_eq!(document, expected);
    assert_eq!(api.issuer.token_url(), document["token_endpoint"]);
    assert_eq!(api.issuer.jwks_url(), document["jwks_uri"]);
}

// Holds: GET /.well-known/openid-configuration
#[tokio::test]
async fn clients_of_openid_find_the_same_and_what_they_demand() {
    let api = Api::start().await;
    let oauth = api.get(OAUTH).await.ok();
    let openid = api.get(OPENID).await.ok();
    for (name, value) in oauth.as_object().expect("an object") {
        assert_eq!(&openid[name], value, "{name}");
    }
    assert_eq!(openid["subject_types_supported"], json!(["public"]));
    assert_eq!(
        openid["id_token_signing_alg_values_supported"],
        json!(["ES256"])
    );
}

#[tokio::test]
async fn an_issuer_with_a_path_is_found_in_all_three_places() {
    let api = Api::with(Options {
        path: "/team".into(),
        ..Options::default()
    })
    .await;
    let url = api.issuer.url();
    let root = root(&url);
    assert_eq!(url, format!("{root}/team"));
    for place in [
        format!("{root}{OAUTH}/team"),
        format!("{root}{OPENID}/team"),
        format!("{root}/team{OPENID}"),
    ] {
        let document = api.get_at(&place).await.ok();
        assert_eq!(document["issuer"], url, "{place}");
        let jwks = document["jwks_uri"].as_str().expect("an address");
        api.get_at(jwks).await.ok();
    }
    // Without the path it would be another issuer's.
    for place in [format!("{root}{OAUTH}"), format!("{root}{OPENID}")] {
        api.get_at(&place).await.refused(404, "unknown_path");
    }
    let tokens: Value = api.sign_in().await;
    let token = tokens["access_token"].as_str().expect("a token");
    api.judge(token).await.expect("a right token");
}
