//! Tokens that no server may take. Each is wrong in one way; everything else about it is right.

use issuer::{Draft, Issuer, PublicKey, Signer};
use serde_json::json;

/// What is wrong with a token, and how a right one becomes it.
type Case = (&'static str, fn(Draft) -> Draft);

/// Far in the future, in seconds from 1970.
const YEAR_2096: u64 = 4_000_000_000;

/// Tokens that are made of right ones. None of them expires within the next minutes.
pub(super) const DRAFTS: [Case; 31] = [
    ("no audience", |d| d.without_claim("aud")),
    ("no issuer", |d| d.without_claim("iss")),
    ("no end", |d| d.without_claim("exp")),
    ("no subject", |d| d.without_claim("sub")),
    ("for another server", |d| {
        d.claim("aud", "https://two.example/mcp")
    }),
    ("for a server below this one", |d| with("aud", "/admin", d)),
    ("for two other servers", |d| {
        d.claim(
            "aud",
            json!(["https://two.example", "https://three.example"]),
        )
    }),
    ("for the issuer itself", |d| {
        let issuer = text(&d, "iss");
        d.claim("aud", issuer)
    }),
    ("for nobody", |d| d.claim("aud", json!([]))),
    ("of another issuer", |d| {
        d.claim("iss", "https://two.example")
    }),
    ("of an issuer whose name begins like the right one", |d| {
        with("iss", ".evil.example", d)
    }),
    ("of the issuer, with a slash more", |d| with("iss", "/", d)),
    ("expired an hour ago", |d| d.expires_in(-3600)),
    ("expired in 1970", |d| d.claim("exp", 1)),
    ("an end that is a text", |d| d.claim("exp", "tomorrow")),
    ("not good before 2096", |d| d.claim("nbf", YEAR_2096)),
    ("signed by a stranger in the issuer's name", |d| {
        d.signed_by(Signer::Stranger)
    }),
    ("signed by a stranger, without the name of a key", |d| {
        d.signed_by(Signer::Stranger).without_header("kid")
    }),
    ("signed with a key that is in no set", |d| {
        d.signed_by(Signer::UnknownKey)
    }),
    ("a path as the name of the key", |d| {
        d.signed_by(Signer::Stranger)
            .header("kid", "../../../../dev/null")
    }),
    ("HS256 with the public key as PEM", |d| {
        d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Pem))
    }),
    ("HS256 with the public key as JSON", |d| {
        d.signed_by(Signer::PublicKeyAsSecret(PublicKey::Jwk))
    }),
    ("HS256 with an empty secret", |d| {
        d.signed_by(Signer::Secret(Vec::new()))
    }),
    ("RS256 by its header, ES256 by its signature", |d| {
        d.header("alg", "RS256")
    }),
    ("alg none", |d| d.signed_by(Signer::Nobody)),
    ("alg None", |d| {
        d.signed_by(Signer::Nobody).header("alg", "None")
    }),
    ("alg NONE", |d| {
        d.signed_by(Signer::Nobody).header("alg", "NONE")
    }),
    ("alg nOnE", |d| {
        d.signed_by(Signer::Nobody).header("alg", "nOnE")
    }),
    ("ES256 by its header, and no signature", |d| {
        d.signed_by(Signer::Nobody).header("alg", "ES256")
    }),
    ("of the type of other tokens", |d| d.header("typ", "JWT")),
    ("a critical member that nobody knows", |d| {
        d.header("crit", json!(["b64"])).header("b64", false)
    }),
];

/// Tokens that were cut, put together, or never were one.
pub(super) fn texts(issuer: &Issuer, resource: &str) -> Vec<(String, String)> {
    let token = issuer.token(resource, "eve", "tracker:read");
    let other = issuer.token(resource, "ada", "tracker:admin");
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (own, foreign) = (parts(&token), parts(&other));
    [
        (
            "claims under the signature of others",
            format!("{}.{}.{}", own[0], foreign[1], own[2]),
        ),
        ("no third part", format!("{}.{}", own[0], own[1])),
        ("a fourth part", format!("{token}.{}", own[2])),
        ("no claims", format!("{}..{}", own[0], own[2])),
        (
            "a signature that was cut",
            token[..token.len() - 4].to_owned(),
        ),
        ("no JWT at all", "an-opaque-token-of-somebody".to_owned()),
        ("nothing", String::new()),
    ]
    .map(|(what, token)| (what.to_owned(), token))
    .into()
}

/// What a claim of a right token says.
fn text(draft: &Draft, claim: &str) -> String {
    let value = draft.claims().get(claim).and_then(|value| value.as_str());
    value.unwrap_or_default().to_owned()
}

/// The same, with something added at its end.
fn with(claim: &str, more: &str, draft: Draft) -> Draft {
    let text = text(&draft, claim);
    draft.claim(claim, format!("{text}{more}"))
}
