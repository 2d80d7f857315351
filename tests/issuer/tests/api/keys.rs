//! The key set, and what becomes of tokens when keys change.

use jsonwebtoken::errors::ErrorKind;
use serde_json::json;

use crate::support::{Api, RESOURCE};

fn kids(set: &serde_json::Value) -> Vec<&str> {
    let keys = set["keys"].as_array().expect("keys");
    keys.iter()
        .map(|key| key["kid"].as_str().expect("a name"))
        .collect()
}

// Holds: GET /jwks
#[tokio::test]
async fn the_set_has_public_keys_and_nothing_else() {
    let api = Api::start().await;
    let set = api.get("/jwks").await.ok();
    let mut key = set["keys"][0].clone();
    for coordinate in ["x", "y"] {
        let text = key[coordinate].take();
        assert_eq!(text.as_str().map(str::len), Some(43), "32 bytes");
    }
    assert_eq!(
        key,
        json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "key-1", "x": null, "y": null })
    );
    assert_eq!(kids(&set), [api.issuer.current_key()]);
}

#[tokio::test]
async fn two_issuers_have_different_keys() {
    let (one, other) = (Api::start().await, Api::start().await);
    assert_ne!(one.get("/jwks").await.ok(), other.get("/jwks").await.ok());
}

#[tokio::test]
async fn after_a_rotation_both_keys_count() {
    let api = Api::start().await;
    let before = api.issuer.token(RESOURCE, "ada", "tracker:read");
    assert_eq!(api.issuer.rotate_key(), "key-2");
    let after = api.issuer.token(RESOURCE, "ada", "tracker:read");
    let header = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid;
    assert_eq!(header(&before).as_deref(), Some("key-1"));
    assert_eq!(header(&after).as_deref(), Some("key-2"));
    api.judge(&before).await.expect("still good");
    api.judge(&after).await.expect("good");
    assert_eq!(kids(&api.get("/jwks").await.ok()), ["key-1", "key-2"]);
}

#[tokio::test]
async fn a_revoked_key_counts_no_more() {
    let api = Api::start().await;
    let before = api.issuer.token(RESOURCE, "ada", "tracker:read");
    assert!(
        api.issuer.revoke_key("key-1"),
        "the key that signs has a successor"
    );
    let after = api.issuer.token(RESOURCE, "ada", "tracker:read");
    let error = api.judge(&before).await.expect_err("its key is gone");
    assert_eq!(error.kind(), &ErrorKind::InvalidKeyFormat);
    api.judge(&after).await.expect("good");
    assert_eq!(kids(&api.get("/jwks").await.ok()), ["key-2"]);
    assert!(!api.issuer.revoke_key("key-1"), "it is gone already");
    assert!(!api.issuer.revoke_key("another"));
}
