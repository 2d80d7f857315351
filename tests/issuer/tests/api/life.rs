//! Starting, stopping, and where it listens.

use std::time::{Duration, Instant};

use issuer::{Effect, Fault, Issuer, Options};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Api, RESOURCE, pairs};

/// Far less than the latencies below, far more than stopping takes.
const SOON: Duration = Duration::from_secs(5);

async fn is_closed(address: std::net::SocketAddr) -> bool {
    let began = Instant::now();
    while began.elapsed() < SOON {
        if TcpStream::connect(address).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn nobody_outside_of_this_machine_can_reach_it() {
    let open = TcpListener::bind("0.0.0.0:0").await.expect("a port");
    let error = Issuer::on(open, Options::default()).expect_err("refused");
    assert!(
        error.to_string().contains("is not a loopback address"),
        "{error}"
    );
    assert!(Api::start().await.issuer.address().ip().is_loopback());
}

#[tokio::test]
async fn a_path_that_is_none_is_refused() {
    for path in [
        "team", "/team/", "/", "/{team}", "/:team", "/a//b", "/team?a", "/té",
    ] {
        let options = Options {
            path: path.into(),
            ..Options::default()
        };
        let error = Issuer::start(options).await.expect_err(path);
        assert!(
            error.to_string().contains("is no path for an issuer"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn two_issuers_know_nothing_of_each_other() {
    let (one, other) = (Api::start().await, Api::start().await);
    assert_ne!(one.issuer.url(), other.issuer.url());
    one.fault(Fault::on("GET /jwks", Effect::Status { status: 500 }));
    other.get("/jwks").await.ok();
    assert!(one.issuer.journal().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let api = Api::start().await;
    api.get("/introspect").await.refused(404, "unknown_path");
    let reply = api.get("/token").await;
    reply.refused(405, "unknown_method");
    assert_eq!(reply.header("allow"), "POST");
}

#[tokio::test]
async fn the_journal_has_what_was_asked() {
    let api = Api::start().await;
    api.get("/health").await.ok();
    api.get("/jwks?why=because").await.ok();
    let form = pairs(&[("grant_type", "password"), ("resource", RESOURCE)]);
    api.form("/token", &[("Authorization", "Basic abc")], &form)
        .await
        .refused(400, "unsupported_grant_type");
    let journal = api.issuer.journal();
    assert_eq!(journal.len(), 2, "{journal:?}");
    assert_eq!(journal[0].path, "/jwks");
    assert_eq!(journal[0].parameter("why"), Some("because"));
    assert_eq!(journal[1].route.as_deref(), Some("POST /token"));
    assert_eq!(journal[1].parameter("grant_type"), Some("password"));
    assert_eq!(journal[1].authorization.as_deref(), Some("Basic abc"));
    assert_eq!(journal[1].status, Some(400));
    assert_eq!(api.issuer.requests("POST /token"), journal[1..]);
    api.issuer.clear_journal();
    assert!(api.issuer.journal().is_empty());
}

#[tokio::test]
async fn stopping_answers_who_waits_and_ends_in_time() {
    let api = Api::start().await;
    api.fault(Fault::on("GET /jwks", Effect::Latency { millis: 60_000 }));
    let (url, address) = (api.issuer.jwks_url(), api.issuer.address());
    let waiting = tokio::spawn(async move {
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        client
            .get(url)
            .send()
            .await
            .expect("a reply")
            .status()
            .as_u16()
    });
    let arrived = |issuer: &Issuer| issuer.journal().len() == 1;
    assert!(api.issuer.wait_until(SOON, arrived).await);
    let began = Instant::now();
    api.issuer.stop().await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_eq!(waiting.await.expect("no panic"), 503);
    assert!(is_closed(address).await);
}

#[tokio::test]
async fn a_handle_that_is_dropped_ends_it() {
    let issuer = Issuer::start(Options::default()).await.expect("a port");
    let address = issuer.address();
    drop(issuer);
    assert!(is_closed(address).await);
}
