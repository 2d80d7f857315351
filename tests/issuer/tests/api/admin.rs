//! Faults and keys by hand.

use issuer::Options;
use serde_json::json;

use crate::support::{Api, RESOURCE};

async fn by_hand() -> Api {
    Api::with(Options {
        admin: true,
        ..Options::default()
    })
    .await
}

// Holds: GET /admin/faults, POST /admin/faults, DELETE /admin/faults
#[tokio::test]
async fn faults_can_be_asked_for_by_hand() {
    let api = by_hand().await;
    let fault = r#"{"route": "GET /jwks", "effect": "status", "status": 503, "times": 2}"#;
    let added = api.send("POST", "/admin/faults", &[], fault).await;
    assert_eq!(added.status, 201);
    let expected =
        json!({ "route": "GET /jwks", "skip": 0, "times": 2, "effect": "status", "status": 503 });
    assert_eq!(added.json(), expected);
    api.get("/jwks")
        .await
        .refused(503, "temporarily_unavailable");
    let left = api.get("/admin/faults").await.ok();
    assert_eq!(left["items"][0]["times"], 1);
    let taken_back = api.send("DELETE", "/admin/faults", &[], "").await;
    assert_eq!(taken_back.status, 204);
    api.get("/jwks").await.ok();
    for wrong in [
        "",
        "[]",
        r#"{"route": "GET /jwks", "effect": "explode"}"#,
        r#"{"route": "GET /jwks", "effect": "expired"}"#,
        r#"{"route": "GET /keys", "effect": "latency", "millis": 1}"#,
        r#"{"route": "GET /jwks", "effect": "latency", "millis": 1, "time": 2}"#,
        r#"{"effect": "latency", "millis": 1}"#,
    ] {
        api.send("POST", "/admin/faults", &[], wrong)
            .await
            .refused(400, "invalid_fault");
    }
}

// Holds: POST /admin/keys/rotate, DELETE /admin/keys/{kid}
#[tokio::test]
async fn keys_can_be_changed_by_hand() {
    let api = by_hand().await;
    let before = api.issuer.token(RESOURCE, "ada", "tracker:read");
    let rotated = api.send("POST", "/admin/keys/rotate", &[], "").await;
    assert_eq!(
        (rotated.status, rotated.json()),
        (201, json!({ "kid": "key-2" }))
    );
    api.judge(&before).await.expect("still good");
    let revoked = api.send("DELETE", "/admin/keys/key-1", &[], "").await;
    assert_eq!(revoked.status, 204);
    api.judge(&before).await.expect_err("its key is gone");
    let again = api.send("DELETE", "/admin/keys/key-1", &[], "").await;
    again.refused(404, "unknown_key");
}

#[tokio::test]
async fn the_issuer_of_a_check_has_none_of_this() {
    let api = Api::start().await;
    api.get("/admin/faults").await.refused(404, "unknown_path");
    api.send("POST", "/admin/keys/rotate", &[], "")
        .await
        .refused(404, "unknown_path");
}
