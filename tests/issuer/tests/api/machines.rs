//! Programs that act for themselves: client credentials.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use issuer::{MACHINE_CLIENT, MACHINE_SECRET, Options, SERVER_CLIENT, SERVER_SECRET, TALK_CLIENT};

use crate::support::{Api, Pairs, RESOURCE, pairs, redemption, request, with, without};

fn wanted() -> Pairs {
    pairs(&[
        ("grant_type", "client_credentials"),
        ("resource", RESOURCE),
        ("scope", "tracker:write"),
    ])
}

fn with_secret(id: &str, secret: &str) -> Pairs {
    [
        wanted(),
        pairs(&[("client_id", id), ("client_secret", secret)]),
    ]
    .concat()
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn a_secret_is_enough_in_the_header_or_in_the_form() {
    let api = Api::start().await;
    for (id, secret) in [
        (MACHINE_CLIENT, MACHINE_SECRET),
        (SERVER_CLIENT, SERVER_SECRET),
    ] {
        let header = basic(id, secret);
        let replies = [
            api.form("/token", &[("Authorization", &header)], &wanted())
                .await,
            api.token(&with_secret(id, secret)).await,
        ];
        for reply in replies {
            let tokens = reply.ok();
            assert!(tokens.get("refresh_token").is_none(), "it has its secret");
            let token = api
                .judge(tokens["access_token"].as_str().expect("a token"))
                .await;
            let claims = token.expect("a right token").claims;
            assert_eq!(claims["sub"], id, "nobody stands behind it");
            assert_eq!(claims["client_id"], id);
            assert_eq!(claims["scope"], "tracker:write");
        }
    }
}

#[tokio::test]
async fn without_the_secret_there_is_nothing() {
    let api = Api::start().await;
    for (id, secret) in [
        (MACHINE_CLIENT, "wrong"),
        (MACHINE_CLIENT, ""),
        (MACHINE_CLIENT, SERVER_SECRET),
        ("nobody", MACHINE_SECRET),
        (TALK_CLIENT, "it has none"),
        ("http://127.0.0.1:1/client", "it has none"),
    ] {
        let reply = api.token(&with_secret(id, secret)).await;
        let one = reply.refused(401, "invalid_client");
        let header = basic(id, secret);
        let reply = api
            .form("/token", &[("Authorization", &header)], &wanted())
            .await;
        let other = reply.refused(401, "invalid_client");
        assert_eq!(one, other, "nothing tells which part was wrong");
        assert!(reply.header("www-authenticate").starts_with("Basic "));
    }
    let bearer = [("Authorization", "Bearer abc")];
    api.form("/token", &bearer, &wanted())
        .await
        .refused(401, "invalid_client");
}

#[tokio::test]
async fn one_way_to_say_who_calls_is_enough() {
    let api = Api::start().await;
    let header = basic(MACHINE_CLIENT, MACHINE_SECRET);
    let header = [("Authorization", header.as_str())];
    let both = with_secret(MACHINE_CLIENT, MACHINE_SECRET);
    api.form("/token", &header, &both)
        .await
        .refused(400, "invalid_request");
    let other = [wanted(), pairs(&[("client_id", TALK_CLIENT)])].concat();
    api.form("/token", &header, &other)
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn each_client_gets_tokens_its_own_way() {
    let api = Api::start().await;
    let itself = [wanted(), pairs(&[("client_id", TALK_CLIENT)])].concat();
    api.token(&itself).await.refused(400, "unauthorized_client");
    let described = with(itself, "client_id", "http://127.0.0.1:1/client");
    api.token(&described)
        .await
        .refused(400, "unauthorized_client");
    let code = api.code(&request()).await;
    let machine = with(redemption(&code), "client_id", MACHINE_CLIENT);
    let machine = with(machine, "client_secret", MACHINE_SECRET);
    api.token(&machine)
        .await
        .refused(400, "unauthorized_client");
}

#[tokio::test]
async fn a_resource_is_needed_and_a_scope_must_exist() {
    let api = Api::start().await;
    let right = with_secret(MACHINE_CLIENT, MACHINE_SECRET);
    api.token(&without(right.clone(), "resource"))
        .await
        .refused(400, "invalid_target");
    api.token(&with(right.clone(), "scope", "root"))
        .await
        .refused(400, "invalid_scope");
    assert_eq!(
        api.token(&without(right, "scope")).await.ok()["scope"],
        "tracker:read"
    );
}

#[tokio::test]
async fn a_server_with_tokens_of_its_own_gets_them() {
    let tracker = "http://127.0.0.1:8089";
    let api = Api::with(Options {
        opaque_tokens: BTreeMap::from([(tracker.into(), "an-opaque-token".into())]),
        ..Options::default()
    })
    .await;
    for resource in [tracker, "http://127.0.0.1:8089/"] {
        let form = with(
            with_secret(SERVER_CLIENT, SERVER_SECRET),
            "resource",
            resource,
        );
        assert_eq!(
            api.token(&form).await.ok()["access_token"],
            "an-opaque-token"
        );
    }
    let form = with_secret(SERVER_CLIENT, SERVER_SECRET);
    let tokens = api.token(&form).await.ok();
    api.judge(tokens["access_token"].as_str().expect("a token"))
        .await
        .expect("one for the server");
}
