//! Tokens that no server may take. Each is wrong in one way, and another implementation says in which.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use issuer::{Draft, PublicKey, Signer};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use serde_json::{Value, json};

use crate::support::{Api, RESOURCE};

/// What was done to a right draft, and what a careful server finds wrong.
type Case = (&'static str, fn(Draft) -> Draft, ErrorKind);

fn table() -> Vec<Case> {
    let missing = |name: &str| ErrorKind::MissingRequiredClaim(name.into());
    vec![
        ("no aud", |d| d.without_claim("aud"), missing("aud")),
        ("no iss", |d| d.without_claim("iss"), missing("iss")),
        ("no exp", |d| d.without_claim("exp"), missing("exp")),
        ("no sub", |d| d.without_claim("sub"), missing("sub")),
        (
            "another aud",
            |d| d.claim("aud", "https://two.example/"),
            ErrorKind::InvalidAudience,
        ),
        (
            "aud with a slash",
            |d| d.claim("aud", format!("{RESOURCE}/")),
            ErrorKind::InvalidAudience,
        ),
        (
            "others in aud",
            |d| d.claim("aud", json!(["a", "b"])),
            ErrorKind::InvalidAudience,
        ),
        (
            "the origin as aud",
            |d| d.claim("aud", "http://127.0.0.1:8080"),
            ErrorKind::InvalidAudience,
        ),
        (
            "another iss",
            |d| d.claim("iss", "https://two.example"),
            ErrorKind::InvalidIssuer,
        ),
        (
            "expired an hour ago",
            |d| d.expires_in(-3600),
            ErrorKind::ExpiredSignature,
        ),
        (
            "expired in 1970",
            |d| d.claim("exp", 1),
            ErrorKind::ExpiredSignature,
        ),
        (
            "not yet",
            |d| d.claim("nbf", 4_000_000_000u64),
            ErrorKind::ImmatureSignature,
        ),
        (
            "a stranger's key",
            |d| d.signed_by(Signer::Stranger),
            ErrorKind::InvalidSignature,
        ),
        (
            "an unknown kid",
            |d| d.signed_by(Signer::UnknownKey),
            ErrorKind::InvalidKeyFormat,
        ),
        (
            "a made-up kid",
            |d| d.header("kid", "../../key-1"),
            ErrorKind::InvalidKeyFormat,
        ),
        (
            "no kid",
            |d| d.without_header("kid"),
            ErrorKind::InvalidKeyFormat,
        ),
        (
            "HS256 with the PEM",
            |d| d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Pem)),
            ErrorKind::InvalidAlgorithm,
        ),
        (
            "HS256 with the JWK",
            |d| d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Jwk)),
            ErrorKind::InvalidAlgorithm,
        ),
        (
            "HS256 with nothing",
            |d| {
                d.signed_by(Signer::Secret(Vec::new()))
                    .header("kid", "key-1")
            },
            ErrorKind::InvalidAlgorithm,
        ),
        (
            "RS256 by name only",
            |d| d.header("alg", "RS256"),
            ErrorKind::InvalidAlgorithm,
        ),
    ]
}

#[tokio::test]
async fn each_is_refused_for_its_own_reason() {
    let api = Api::start().await;
    let right = || api.issuer.draft(RESOURCE, "ada", "tracker:read");
    api.judge(&api.issuer.mint(&right()))
        .await
        .expect("nothing is wrong with it");
    for (what, spoil, reason) in table() {
        let token = api.issuer.mint(&spoil(right()));
        let error = api.judge(&token).await.map(drop).expect_err(what);
        assert_eq!(error.kind(), &reason, "{what}");
    }
}

/// Judges a token as a server does that lets it choose algorithm and key.
fn is_taken_in(token: &str, key: &DecodingKey) -> bool {
    let header = jsonwebtoken::decode_header(token).expect("a header");
    let mut rules = Validation::new(header.alg);
    rules.set_audience(&[RESOURCE]);
    jsonwebtoken::decode::<Value>(token, key, &rules).is_ok()
}

#[tokio::test]
async fn careless_servers_would_take_them() {
    let api = Api::start().await;
    let right = || api.issuer.draft(RESOURCE, "ada", "tracker:read");
    let set = api.get("/jwks").await.ok();
    let published = set["keys"][0].clone();
    let coordinate = |name: &str| {
        let text = published[name].as_str().expect("text");
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    };
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let key = p256::PublicKey::from_sec1_bytes(&point).expect("a point of the curve");
    let pem = key.to_public_key_pem(LineEnding::LF).expect("text");
    for (form, secret) in [
        (PublicKey::Pem, pem),
        (PublicKey::Jwk, published.to_string()),
    ] {
        let forged = right().signed_by(Signer::PublicKeyAsSecret(form));
        let key = DecodingKey::from_secret(secret.as_bytes());
        assert!(is_taken_in(&api.issuer.mint(&forged), &key), "{form:?}");
    }

    let own = api.issuer.strangers_key();
    let forged = right()
        .signed_by(Signer::Stranger)
        .header("jwk", own.clone());
    let forged = api.issuer.mint(&forged);
    let own: Jwk = serde_json::from_value(own).expect("a key");
    assert!(is_taken_in(
        &forged,
        &DecodingKey::from_jwk(&own).expect("a key")
    ));
    api.judge(&forged)
        .await
        .expect_err("a careful server looks into the set");
}

#[tokio::test]
async fn without_a_signature_it_is_refused() {
    let api = Api::start().await;
    let right = || api.issuer.draft(RESOURCE, "ada", "tracker:read");
    for algorithm in ["none", "None", "NONE", "nOnE"] {
        let draft = right().signed_by(Signer::Nobody).header("alg", algorithm);
        api.judge(&api.issuer.mint(&draft))
            .await
            .expect_err(algorithm);
    }
    // With the name of a real algorithm, too.
    let draft = right()
        .signed_by(Signer::Nobody)
        .header("alg", "ES256")
        .header("kid", "key-1");
    api.judge(&api.issuer.mint(&draft))
        .await
        .expect_err("no signature");
}

#[tokio::test]
async fn a_token_that_is_cut_or_changed_is_refused() {
    let api = Api::start().await;
    let token = api.issuer.token(RESOURCE, "ada", "tracker:read");
    let other = api.issuer.token(RESOURCE, "noor", "tracker:admin");
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (own, foreign) = (parts(&token), parts(&other));
    for wrong in [
        format!("{}.{}.{}", own[0], foreign[1], own[2]),
        format!("{}.{}", own[0], own[1]),
        format!("{token}.{}", own[2]),
        format!("{}..{}", own[0], own[2]),
        token[..token.len() - 4].to_owned(),
        String::new(),
    ] {
        api.judge(&wrong).await.expect_err(&wrong);
    }
}

/// What a library does not look at, and the table of a check can still hold.
#[tokio::test]
async fn a_draft_holds_what_a_check_wants() {
    let api = Api::start().await;
    let draft = api
        .issuer
        .draft(RESOURCE, "ada", "everything")
        .header("typ", "JWT")
        .header("jwk", json!({ "kty": "oct" }))
        .claim("aud", json!([RESOURCE, "https://two.example/"]));
    assert_eq!(draft.claims()["scope"], "everything");
    let token = api
        .judge(&api.issuer.mint(&draft))
        .await
        .expect("signed by the issuer");
    assert_eq!(token.header.typ.as_deref(), Some("JWT"));
    let expired = draft.expires_in(-3600);
    let number = |name: &str| expired.claims()[name].as_u64().expect("seconds");
    assert!(number("iat") < number("exp"), "it was good once");
}
