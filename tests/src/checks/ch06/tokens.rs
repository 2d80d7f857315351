//! 6.4 Check tokens.

use std::net::Ipv4Addr;

use issuer::{Draft, Issuer, Options, PublicKey, Signer};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{Check, Context, Remote, Stop, Verdict, ensure, wrong};

const EXERCISE: &str = "6.4";
const SOURCE: &str =
    "specification 2026-07-28, basic/authorization, Access Token Usage; RFC 9068, section 4";

/// Every scope by its name: that a larger one includes the others is an exercise of its own.
const SCOPE: &str = "tracker:read tracker:write tracker:admin";
/// Longer ago than any clock may be wrong.
const LONG: i64 = 3600;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("token-right", EXERCISE, right)
            .says("A token of the issuer for this server is accepted, with everything that it may hold.")
            .why("A server that refuses right tokens is safe and of no use.", SOURCE),
        Check::new("token-wrong", EXERCISE, refused)
            .says("A token that somebody else has made, for somebody else, or for another time is refused.")
            .why(
                "Everybody can write a token. What proves it is the issuer's signature, in a way that the server has \
                 chosen; what makes it one for this server is the audience.",
                SOURCE,
            ),
        Check::new("token-new-key", EXERCISE, new_key)
            .says("When the issuer changes its key, the new one is found; a key that does not exist is not looked for again and again.")
            .why(
                "Issuers change their keys without asking. Who looks only once loses its users that day; who looks for \
                 every token lets a stranger decide how often.",
                SOURCE,
            ),
    ]
}

async fn start(ctx: &Context) -> Verdict<(Issuer, Remote)> {
    let failed = |error: std::io::Error| Stop::Fault(format!("cannot start an issuer: {error}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(failed)?;
    let issuer = Issuer::on(listener, Options::default()).map_err(failed)?;
    let launcher = ctx
        .server()
        .without("STATIC_TOKENS")
        .env("ISSUER_URL", issuer.url());
    let remote = launcher.listen().await?;
    Ok((issuer, remote))
}

/// The status of a request that has this token and is right otherwise. In the legacy era it opens a conversation.
async fn status(ctx: &Context, remote: &Remote, token: &str) -> Verdict<u16> {
    let message = match ctx.era() {
        verdict::Era::Modern => remote.message("tools/list", json!({})),
        verdict::Era::Legacy => remote.opening(),
    };
    let reply = remote
        .send(&remote.with_token(token).post(&message))
        .await?;
    Ok(reply.status)
}

/// Demands that a token is judged like this.
async fn judged(ctx: &Context, remote: &Remote, token: &str, due: u16, what: &str) -> Verdict {
    let status = status(ctx, remote, token).await?;
    ensure(status == due, || {
        let mistake = match due {
            200 => "A token that is right is refused.",
            _ => "A token that is wrong is not refused as it should be.",
        };
        wrong(mistake)
            .sent(format!("a request with {what}"))
            .expected(format!("status {due}"))
            .got(format!("status {status}"))
    })?;
    Ok(())
}

async fn right(ctx: Context) -> Verdict {
    let (issuer, remote) = start(&ctx).await?;
    let draft = issuer.draft(&remote.url(), "ada", SCOPE);
    let several = json!(["https://elsewhere.example.com", remote.url()]);
    for (draft, what) in [
        (draft.clone(), "a token of the issuer for this server"),
        (
            draft.clone().claim("aud", several),
            "a token for this server and another one",
        ),
        (
            draft.header("typ", "application/at+jwt"),
            "a token with the long name of its type",
        ),
    ] {
        judged(&ctx, &remote, &issuer.mint(&draft), 200, what).await?;
    }
    Ok(())
}

async fn refused(ctx: Context) -> Verdict {
    let (issuer, remote) = start(&ctx).await?;
    for (draft, what) in wrong_tokens(&issuer, &remote.url()) {
        judged(&ctx, &remote, &issuer.mint(&draft), 401, what).await?;
    }
    for (token, what) in [
        ("", "an empty token"),
        ("a.b.c", "no token at all"),
        ("..", "two dots"),
    ] {
        judged(&ctx, &remote, token, 401, what).await?;
    }
    Ok(())
}

/// Tokens that are wrong for one reason each.
fn wrong_tokens(issuer: &Issuer, resource: &str) -> Vec<(Draft, &'static str)> {
    let right = || issuer.draft(resource, "ada", SCOPE);
    let in_its_header = |draft: Draft| draft.header("jwk", issuer.strangers_key());
    vec![
        (
            right().claim("aud", "https://elsewhere.example.com/mcp"),
            "a token for another server",
        ),
        (
            right().claim("aud", format!("{resource}.evil.example")),
            "a token for a server whose address begins the same",
        ),
        (right().without_claim("aud"), "a token for nobody"),
        (
            right().claim("iss", "https://evil.example"),
            "a token that names another issuer",
        ),
        (right().without_claim("iss"), "a token that names no issuer"),
        (right().expires_in(-LONG), "a token that has expired"),
        (right().without_claim("exp"), "a token that never expires"),
        (
            right().claim("nbf", Value::from(i64::MAX / 2)),
            "a token that is not good yet",
        ),
        (
            right().without_claim("sub"),
            "a token that stands for nobody",
        ),
        (
            right().header("typ", "JWT"),
            "a token that is no access token",
        ),
        (
            right().signed_by(Signer::Nobody),
            "a token that nobody has signed, with alg none",
        ),
        (
            right().signed_by(Signer::Nobody).header("alg", "ES256"),
            "a token that nobody has signed, with alg ES256",
        ),
        (
            right().signed_by(Signer::Stranger),
            "a token that a stranger has signed",
        ),
        (
            in_its_header(right().signed_by(Signer::Stranger)),
            "a token that brings its own key along",
        ),
        (
            right().signed_by(Signer::UnknownKey),
            "a token whose key is in no key set",
        ),
        (
            right().signed_by(Signer::PublicKeyAsSecret(PublicKey::Pem)),
            "a token signed by HS256 with the public key",
        ),
        (
            right().signed_by(Signer::PublicKeyAsSecret(PublicKey::Jwk)),
            "a token signed by HS256 with the key as it stands in the set",
        ),
        (
            right().signed_by(Signer::Secret(b"secret".to_vec())),
            "a token signed by HS256 with a secret",
        ),
    ]
}

/// So many tokens name a key that does not exist.
const STRANGERS: usize = 20;

async fn new_key(ctx: Context) -> Verdict {
    let (issuer, remote) = start(&ctx).await?;
    let token = || issuer.token(&remote.url(), "ada", SCOPE);
    judged(&ctx, &remote, &token(), 200, "a token of the first key").await?;
    issuer.rotate_key();
    judged(
        &ctx,
        &remote,
        &token(),
        200,
        "a token of the key that the issuer uses now",
    )
    .await?;
    let before = issuer.requests("GET /jwks").len();
    let draft = issuer
        .draft(&remote.url(), "ada", SCOPE)
        .signed_by(Signer::UnknownKey);
    for _ in 0..STRANGERS {
        judged(
            &ctx,
            &remote,
            &issuer.mint(&draft),
            401,
            "a token whose key is in no key set",
        )
        .await?;
    }
    let asked = issuer.requests("GET /jwks").len() - before;
    ensure(asked <= STRANGERS, || {
        wrong("The server asks for the keys more than once for a token.")
            .sent(format!("{STRANGERS} tokens whose key is in no key set"))
            .expected("one request for the keys a token at most")
            .got(format!("{asked} requests"))
    })?;
    Ok(())
}
