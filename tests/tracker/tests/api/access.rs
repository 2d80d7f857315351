//! Tokens, paths and methods: what holds for every route.

use std::time::Duration;

use serde_json::json;
use tracker::{DEFAULT_TOKEN, Options, ROUTES, START, Tokens};

use crate::support::Api;

// Holds: GET /health
#[tokio::test]
async fn health_needs_no_token_and_is_not_written_down() {
    let api = Api::start().await;
    let health = api.bare("GET", "/health", &[], b"").await.ok();
    assert_eq!(health["service"], "tracker");
    assert_eq!(health["now"], START);
    api.tracker.advance_clock(24 * 3600);
    assert_eq!(api.get("/health").await.ok()["now"], "2026-05-05T09:00:00Z");
    assert!(api.tracker.journal().is_empty());
}

#[tokio::test]
async fn every_other_route_needs_a_token() {
    let api = Api::with(Options {
        admin: true,
        ..Options::default()
    })
    .await;
    for route in ROUTES.iter().filter(|route| route.path != "/health") {
        let path = route.path.replace(['{', '}'], "");
        let missing = api.bare(route.method, &path, &[], b"").await;
        missing.problem(401, "missing-token");
        assert_eq!(
            missing.header("www-authenticate"),
            Some("Bearer"),
            "{}",
            route.name()
        );
        let wrong = api
            .bare(
                route.method,
                &path,
                &[("Authorization", "Bearer wrong")],
                b"",
            )
            .await;
        wrong.problem(401, "invalid-token");
        assert!(
            wrong
                .header("www-authenticate")
                .expect("a challenge")
                .contains("invalid_token")
        );
    }
    for header in ["Basic dHJhY2tlcg==", "Bearer", "Bearer ", DEFAULT_TOKEN] {
        let reply = api
            .bare("GET", "/tasks", &[("Authorization", header)], b"")
            .await;
        reply.problem(401, "missing-token");
    }
    let lower = format!("bearer {DEFAULT_TOKEN}");
    assert_eq!(
        api.bare("GET", "/tasks", &[("authorization", &lower)], b"")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn tokens_come_and_go() {
    let mut api = Api::start().await;
    api.tracker.expire_token(DEFAULT_TOKEN);
    let expired = api.get("/projects").await;
    expired.problem(401, "expired-token");
    assert!(
        expired
            .header("www-authenticate")
            .expect("a challenge")
            .contains("expired")
    );
    api.tracker.accept_token("second");
    api.token = "second".into();
    api.get("/projects").await.ok();

    let any = Api::with(Options {
        tokens: Tokens::Any,
        ..Options::default()
    })
    .await;
    any.bare(
        "GET",
        "/projects",
        &[("Authorization", "Bearer whatever")],
        b"",
    )
    .await
    .ok();
    assert_eq!(
        any.tracker.journal()[0].authorization.as_deref(),
        Some("Bearer whatever")
    );
    any.tracker.expire_token("whatever");
    let expired = any
        .bare(
            "GET",
            "/projects",
            &[("Authorization", "Bearer whatever")],
            b"",
        )
        .await;
    expired.problem(401, "expired-token");
}

#[tokio::test]
async fn the_journal_shows_what_arrived() {
    let api = Api::start().await;
    let headers = [("Idempotency-Key", "k-1"), ("If-Match", "\"7\"")];
    let body = json!({ "project": "ATLAS", "title": "t" });
    api.json("POST", "/tasks", &headers, &body).await.ok();
    api.get("/tasks/Z%c3%bcrich%2D1?x=%41")
        .await
        .problem(400, "unknown-parameter");
    api.get("/nowhere").await.problem(404, "unknown-path");
    let journal = api.tracker.journal();
    let numbers: Vec<u64> = journal.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(journal[0].route.as_deref(), Some("POST /tasks"));
    assert_eq!(journal[0].idempotency_key.as_deref(), Some("k-1"));
    assert_eq!(journal[0].if_match.as_deref(), Some("\"7\""));
    assert_eq!(
        journal[0].authorization.as_deref(),
        Some("Bearer tracker-dev-token")
    );
    assert_eq!(
        journal[0].body_hash,
        tracker::hash_of_bytes(body.to_string().as_bytes())
    );
    assert_eq!(
        (journal[0].status, journal[0].body_length),
        (Some(201), body.to_string().len())
    );
    assert_eq!(
        journal[1].path, "/tasks/Z%c3%bcrich%2D1?x=%41",
        "as it was received"
    );
    assert!(journal[0].at <= journal[1].at && journal[2].at < Duration::from_secs(20));
    assert_eq!(
        (journal[2].route.as_deref(), journal[2].status),
        (None, Some(404))
    );
    assert_eq!(api.tracker.requests("POST /tasks").len(), 1);
    api.tracker.clear_journal();
    api.get("/projects").await.ok();
    assert_eq!(api.tracker.journal()[0].number, 4);
    assert_eq!(api.tracker.journal()[0].status, Some(200));
}

#[tokio::test]
async fn mistakes_in_path_method_query_and_body_are_told_apart() {
    let api = Api::start().await;
    let method = api.send("PUT", "/tasks/ATLAS-1", &[], b"").await;
    method.problem(405, "unknown-method");
    assert!(method.header("allow").expect("Allow").contains("PATCH"));
    api.get("/tasks/%ff").await.problem(400, "malformed-path");
    api.get("/tasks?text=%ff").await;
    assert_eq!(
        api.get("/tasks?satte=todo")
            .await
            .problem(400, "unknown-parameter")["field"],
        "satte"
    );
    api.get("/tasks?limit=1&limit=2")
        .await
        .problem(400, "repeated-parameter");
    for limit in ["0", "101", "-1", "ten", ""] {
        let problem = api
            .get(&format!("/tasks?limit={limit}"))
            .await
            .problem(400, "invalid-parameter");
        assert_eq!(problem["field"], "limit");
    }
    api.send("POST", "/tasks", &[("Content-Type", "text/plain")], b"{}")
        .await
        .problem(415, "json-expected");
    let json = [("Content-Type", "application/json; charset=utf-8")];
    api.send("POST", "/tasks", &json, b"{")
        .await
        .problem(400, "malformed-json");
    api.send("POST", "/tasks", &json, b"[]")
        .await
        .problem(400, "malformed-json");
    let long = vec![b' '; 2_000_001];
    api.send("POST", "/tasks", &json, &long)
        .await
        .problem(413, "body-too-large");
}
