//! Renewing without asking the person again.

use serde_json::Value;

use crate::support::{Api, Pairs, RESOURCE, pairs, with, without};

fn renewal(tokens: &Value) -> Pairs {
    pairs(&[
        ("grant_type", "refresh_token"),
        (
            "refresh_token",
            tokens["refresh_token"].as_str().expect("a token"),
        ),
        ("client_id", "workbook-talk"),
        ("resource", RESOURCE),
    ])
}

#[tokio::test]
async fn each_refresh_token_is_good_once() {
    let api = Api::start().await;
    let first = api.sign_in().await;
    let second = api.token(&renewal(&first)).await.ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(second["scope"], "tracker:read tracker:write");
    let token = api
        .judge(second["access_token"].as_str().expect("a token"))
        .await;
    assert_eq!(token.expect("a right token").claims["sub"], "ada");
    api.token(&renewal(&second)).await.ok();
}

#[tokio::test]
async fn one_that_comes_twice_ends_the_whole_line() {
    let api = Api::start().await;
    let first = api.sign_in().await;
    let second = api.token(&renewal(&first)).await.ok();
    let other = api.sign_in().await;
    api.token(&renewal(&first))
        .await
        .refused(400, "invalid_grant");
    api.token(&renewal(&second))
        .await
        .refused(400, "invalid_grant");
    // What goes back to another consent is not concerned.
    api.token(&renewal(&other)).await.ok();
}

#[tokio::test]
async fn it_may_want_less_and_never_more() {
    let api = Api::start().await;
    let right = renewal(&api.sign_in().await);
    let table = [
        (
            with(right.clone(), "scope", "tracker:read tracker:admin"),
            400,
            "invalid_scope",
        ),
        (
            with(right.clone(), "scope", "everything"),
            400,
            "invalid_scope",
        ),
        (
            with(right.clone(), "resource", "https://two.example/"),
            400,
            "invalid_target",
        ),
        (without(right.clone(), "resource"), 400, "invalid_target"),
        (
            without(right.clone(), "refresh_token"),
            400,
            "invalid_request",
        ),
        (
            with(right.clone(), "refresh_token", "another"),
            400,
            "invalid_grant",
        ),
        (
            with(right.clone(), "client_id", "http://127.0.0.1:1/client"),
            400,
            "invalid_grant",
        ),
        (
            with(right.clone(), "client_id", "nobody"),
            401,
            "invalid_client",
        ),
    ];
    for (form, status, code) in table {
        api.token(&form).await.refused(status, code);
    }
    let less = api.token(&with(right, "scope", "tracker:read")).await.ok();
    assert_eq!(less["scope"], "tracker:read");
    let whole = api.token(&renewal(&less)).await.ok();
    assert_eq!(
        whole["scope"], "tracker:read tracker:write",
        "what was granted stays granted"
    );
}
