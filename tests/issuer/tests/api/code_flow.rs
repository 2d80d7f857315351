//! Signing a person in: authorization code with PKCE, from the first request to the token.

use std::time::Duration;

use issuer::{MACHINE_CLIENT, Options, SCOPES};
use serde_json::{Value, json};

use crate::support::{Api, Pairs, REDIRECT, RESOURCE, pairs, redemption, request, with, without};

// Holds: GET /authorize, POST /consent, POST /token
#[tokio::test]
async fn a_person_signs_in_and_the_client_gets_a_token() {
    let api = Api::start().await;
    let back = api.decide(&request(), "allow").await;
    assert!(
        back.location()
            .as_str()
            .starts_with(&format!("{REDIRECT}?"))
    );
    assert_eq!(
        back.answer("state").as_deref(),
        Some("state of the client & more")
    );
    assert_eq!(back.answer("iss"), Some(api.issuer.url()), "RFC 9207");
    let code = back.answer("code").expect("a code");

    let reply = api.token(&redemption(&code)).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let tokens = reply.ok();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], "tracker:read tracker:write");
    assert!(tokens["refresh_token"].is_string());

    let token = api
        .judge(tokens["access_token"].as_str().expect("a token"))
        .await;
    let token = token.expect("another implementation takes it");
    assert_eq!(token.header.typ.as_deref(), Some("at+jwt"), "RFC 9068");
    let mut claims = token.claims;
    let number = |value: &Value| value.as_u64().expect("seconds");
    let (iat, exp) = (number(&claims["iat"].take()), number(&claims["exp"].take()));
    assert_eq!(tokens["expires_in"], exp - iat);
    assert!(claims["jti"].take().is_string());
    assert_eq!(
        claims,
        json!({
            "iss": api.issuer.url(),
            "aud": RESOURCE,
            "sub": "ada",
            "client_id": "workbook-talk",
            "scope": "tracker:read tracker:write",
            "iat": null,
            "exp": null,
            "jti": null,
        })
    );
}

#[tokio::test]
async fn whoever_asks_for_no_scope_may_read() {
    let api = Api::start().await;
    let code = api.code(&without(request(), "scope")).await;
    assert_eq!(
        api.token(&redemption(&code)).await.ok()["scope"],
        SCOPES[0].0
    );
}

#[tokio::test]
async fn a_scope_that_is_named_twice_is_granted_once() {
    let api = Api::start().await;
    let twice = "tracker:write tracker:read tracker:write";
    let code = api.code(&with(request(), "scope", twice)).await;
    let tokens = api.token(&redemption(&code)).await.ok();
    assert_eq!(tokens["scope"], "tracker:write tracker:read");
}

#[tokio::test]
async fn a_port_of_this_machine_is_the_clients_choice() {
    let api = Api::start().await;
    let elsewhere = "http://127.0.0.1:49999/callback";
    let code = api.code(&with(request(), "redirect_uri", elsewhere)).await;
    api.token(&redemption(&code))
        .await
        .refused(400, "invalid_grant");
    api.token(&with(redemption(&code), "redirect_uri", elsewhere))
        .await
        .ok();
}

#[tokio::test]
async fn who_or_where_is_wrong_nobody_is_sent_anywhere() {
    let api = Api::start().await;
    let table = [
        (with(request(), "client_id", "nobody"), "invalid_client"),
        (without(request(), "client_id"), "invalid_request"),
        (without(request(), "redirect_uri"), "invalid_request"),
        (
            with(request(), "redirect_uri", "http://127.0.0.1:51004/other"),
            "invalid_request",
        ),
        (
            with(
                request(),
                "redirect_uri",
                "https://collector.example/callback",
            ),
            "invalid_request",
        ),
        (
            with(request(), "redirect_uri", "http://localhost:51004/callback"),
            "invalid_request",
        ),
        (
            [request(), pairs(&[("redirect_uri", REDIRECT)])].concat(),
            "invalid_request",
        ),
    ];
    for (asked, code) in table {
        api.authorize(&asked).await.refused_on_a_page(code);
    }
}

#[tokio::test]
async fn every_other_mistake_is_told_to_the_client() {
    let api = Api::start().await;
    let challenge = "code_challenge";
    let table: [(Pairs, &str); 12] = [
        (
            with(request(), "response_type", "token"),
            "unsupported_response_type",
        ),
        (without(request(), "response_type"), "invalid_request"),
        (
            with(request(), "code_challenge_method", "plain"),
            "invalid_request",
        ),
        (
            without(request(), "code_challenge_method"),
            "invalid_request",
        ),
        (without(request(), challenge), "invalid_request"),
        (with(request(), challenge, "too-short"), "invalid_request"),
        (without(request(), "resource"), "invalid_target"),
        (with(request(), "resource", "/mcp"), "invalid_target"),
        (
            with(request(), "resource", "http://127.0.0.1:8080/mcp#here"),
            "invalid_target",
        ),
        (
            [request(), pairs(&[("resource", "https://two.example/")])].concat(),
            "invalid_target",
        ),
        (
            with(request(), "scope", "tracker:read everything"),
            "invalid_scope",
        ),
        (with(request(), "scope", "Tracker:Read"), "invalid_scope"),
    ];
    for (asked, code) in table {
        let back = api.authorize(&asked).await;
        assert_eq!(back.answer("error").as_deref(), Some(code), "{asked:?}");
        assert_eq!(
            back.answer("state").as_deref(),
            Some("state of the client & more")
        );
        assert_eq!(back.answer("iss"), Some(api.issuer.url()));
        assert_eq!(back.answer("code"), None);
    }
}

#[tokio::test]
async fn a_code_fits_its_own_request_only() {
    let api = Api::start().await;
    let code = api.code(&request()).await;
    let right = redemption(&code);
    let table = [
        (
            with(
                right.clone(),
                "code_verifier",
                "another-verifier-that-is-long-enough-0123456789",
            ),
            "invalid_grant",
        ),
        (without(right.clone(), "code_verifier"), "invalid_request"),
        (
            with(
                right.clone(),
                "redirect_uri",
                "http://127.0.0.1:51005/callback",
            ),
            "invalid_grant",
        ),
        (without(right.clone(), "redirect_uri"), "invalid_request"),
        (
            with(right.clone(), "resource", "http://127.0.0.1:8081/mcp"),
            "invalid_target",
        ),
        (without(right.clone(), "resource"), "invalid_target"),
        (with(right.clone(), "code", "another"), "invalid_grant"),
        (without(right.clone(), "grant_type"), "invalid_request"),
        (
            with(right.clone(), "grant_type", "password"),
            "unsupported_grant_type",
        ),
        (
            [right.clone(), pairs(&[("code", "another")])].concat(),
            "invalid_request",
        ),
    ];
    for (form, error) in table {
        api.token(&form).await.refused(400, error);
    }
    for unknown in [
        without(right.clone(), "client_id"),
        with(right.clone(), "client_id", "nobody"),
    ] {
        api.token(&unknown).await.refused(401, "invalid_client");
    }
    api.token(&with(right.clone(), "client_id", MACHINE_CLIENT))
        .await
        .refused(401, "invalid_client");
    // None of the attempts has used it up.
    api.token(&right).await.ok();
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_what_came_of_it() {
    let api = Api::start().await;
    let code = api.code(&request()).await;
    let tokens = api.token(&redemption(&code)).await.ok();
    api.token(&redemption(&code))
        .await
        .refused(400, "invalid_grant");
    let refresh = tokens["refresh_token"].as_str().expect("a token");
    let form = pairs(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", "workbook-talk"),
        ("resource", RESOURCE),
    ]);
    api.token(&form).await.refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_does_not_live_long() {
    let api = Api::with(Options {
        code_lifetime: Duration::ZERO,
        ..Options::default()
    })
    .await;
    let code = api.code(&request()).await;
    let why = api
        .token(&redemption(&code))
        .await
        .refused(400, "invalid_grant");
    assert!(why.contains("expired"), "{why}");
}

#[tokio::test]
async fn a_token_request_is_a_form() {
    let api = Api::start().await;
    let json = [("Content-Type", "application/json")];
    let reply = api.send("POST", "/token", &json, "{}").await;
    reply.refused(400, "invalid_request");
    let long = format!("grant_type={}", "x".repeat(70_000));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    api.send("POST", "/token", &form, &long)
        .await
        .refused(413, "request_too_large");
}
