//! What goes wrong on demand, and that nothing else does.

use std::time::{Duration, Instant};

use issuer::{Effect, Fault, MACHINE_CLIENT, MACHINE_SECRET, WrongFault};
use jsonwebtoken::errors::ErrorKind;

use crate::support::{Api, Pairs, RESOURCE, pairs};

fn wanted() -> Pairs {
    pairs(&[
        ("grant_type", "client_credentials"),
        ("client_id", MACHINE_CLIENT),
        ("client_secret", MACHINE_SECRET),
        ("resource", RESOURCE),
    ])
}

/// Why another implementation refuses the token that a client gets with this fault.
async fn verdict(effect: Effect) -> ErrorKind {
    let api = Api::start().await;
    api.fault(Fault::token(effect));
    let token =
        |tokens: serde_json::Value| tokens["access_token"].as_str().expect("a token").to_owned();
    let wrong = token(api.token(&wanted()).await.ok());
    let error = api.judge(&wrong).await.expect_err("a wrong token");
    // The next one is right again.
    let right = token(api.token(&wanted()).await.ok());
    api.judge(&right).await.expect("a right token");
    assert!(api.issuer.pending_faults().is_empty());
    error.into_kind()
}

// Holds: fault wrong-audience, fault wrong-issuer, fault expired
#[tokio::test]
async fn a_token_can_say_something_wrong() {
    assert_eq!(
        verdict(Effect::WrongAudience).await,
        ErrorKind::InvalidAudience
    );
    assert_eq!(verdict(Effect::WrongIssuer).await, ErrorKind::InvalidIssuer);
    assert_eq!(verdict(Effect::Expired).await, ErrorKind::ExpiredSignature);
}

// Holds: fault hs256-public-key, fault unknown-kid
#[tokio::test]
async fn a_token_can_be_signed_wrong() {
    assert_eq!(
        verdict(Effect::Hs256PublicKey).await,
        ErrorKind::InvalidAlgorithm
    );
    assert_eq!(
        verdict(Effect::UnknownKid).await,
        ErrorKind::InvalidKeyFormat
    );
}

// Holds: fault alg-none
#[tokio::test]
async fn a_token_can_lack_its_signature() {
    let api = Api::start().await;
    api.fault(Fault::token(Effect::AlgNone));
    let tokens = api.token(&wanted()).await.ok();
    let token = tokens["access_token"].as_str().expect("a token");
    assert!(token.ends_with('.'), "an empty signature");
    api.judge(token).await.expect_err("a wrong token");
}

// Holds: fault status
#[tokio::test]
async fn the_keys_can_be_out_of_reach() {
    let api = Api::start().await;
    api.fault(
        Fault::on("GET /jwks", Effect::Status { status: 503 })
            .after(1)
            .times(2),
    );
    api.get("/jwks").await.ok();
    for _ in 0..2 {
        api.get("/jwks")
            .await
            .refused(503, "temporarily_unavailable");
    }
    api.get("/jwks").await.ok();
    let statuses: Vec<_> = api
        .issuer
        .requests("GET /jwks")
        .iter()
        .map(|entry| entry.status)
        .collect();
    assert_eq!(statuses, [Some(200), Some(503), Some(503), Some(200)]);
}

// Holds: fault latency
#[tokio::test]
async fn an_answer_can_be_slow() {
    let api = Api::start().await;
    let slow = Duration::from_millis(300);
    api.fault(Fault::on("GET /jwks", Effect::Latency { millis: 300 }));
    let began = Instant::now();
    api.get("/jwks").await.ok();
    assert!(began.elapsed() >= slow);
}

#[tokio::test]
async fn what_could_not_happen_is_refused() {
    let api = Api::start().await;
    let table = [
        (
            Fault::on("PUT /token", Effect::Expired),
            WrongFault::UnknownRoute("PUT /token".into()),
        ),
        (
            Fault::on("GET /jwks", Effect::Expired),
            WrongFault::NeverMet("GET /jwks".into()),
        ),
        (
            Fault::on("GET /health", Effect::Latency { millis: 1 }),
            WrongFault::NeverMet("GET /health".into()),
        ),
        (
            Fault::token(Effect::Status { status: 200 }),
            WrongFault::NoErrorStatus(200),
        ),
    ];
    for (fault, error) in table {
        assert_eq!(api.issuer.fault(fault), Err(error));
    }
    api.fault(Fault::token(Effect::Expired));
    api.issuer.clear_faults();
    assert!(api.issuer.pending_faults().is_empty());
}
