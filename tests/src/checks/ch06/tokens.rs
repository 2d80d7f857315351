//! 6.4 Check tokens.

use std::time::Duration;

use issuer::{Draft, Effect, Fault, Issuer, Signer};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::hostile;
use super::refusals::Refusals;
use crate::harness::{Check, Context, HttpReply, Launcher, Remote, Verdict, ensure, spoken, wrong};

const EXERCISE: &str = "6.4";
const SOURCE: &str =
    "specification 2026-07-28, basic/authorization, Token Handling; RFC 9068, section 4";

/// What Ada's tokens allow: every scope by its name.
const SCOPES: &str = "tracker:read tracker:write tracker:admin";
/// Where an issuer has its keys.
const KEYS: &str = "GET /jwks";
/// How long keys are kept in the check that waits for old ones to be forgotten, in milliseconds.
const SHORT: &str = "300";
/// How often that check asks.
const AGAIN: Duration = Duration::from_millis(20);
/// So many tokens name keys that do not exist.
const UNKNOWN: usize = 20;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("token-served", EXERCISE, served)
            .says("A token of the issuer that is meant for this server opens it, in every form that tokens have.")
            .why(
                "`aud` may be a list, and a token may say more than your server knows. A server that refuses such tokens \
                 works with one issuer only.",
                "specification 2026-07-28, basic/authorization, Token Handling; RFC 7519, section 4.1.3",
            ),
        Check::new("token-refused", EXERCISE, refused)
            .says("Every other token is answered 401, leaves one audit line without the token, and harms nobody else.")
            .why(
                "Servers MUST validate access tokens, and MUST accept only those that are meant for them. Whoever reads \
                 a token without that believes a text that anybody can write.",
                SOURCE,
            )
            .within(Duration::from_secs(20)),
        Check::new("token-rotated", EXERCISE, rotated)
            .says("A token of a new key is served at once, and the keys are fetched no more often than that needs.")
            .why(
                "Issuers change their keys without telling anybody. The name of a key that is not there is the only sign.",
                SOURCE,
            ),
        Check::new("token-revoked", EXERCISE, revoked)
            .says("A key that the issuer has taken back is forgotten, and with it the tokens that it has signed.")
            .why(
                "Keys are taken back when somebody else has them. JWKS_TTL_MS says how long your server may still believe \
                 them.",
                SOURCE,
            ),
        Check::new("token-unknown-keys", EXERCISE, unknown_keys)
            .says("Tokens with made-up keys do not make the server ask its issuer for each of them.")
            .why(
                "Anybody can send such tokens. A server that asks for each turns them into requests to its issuer, in its \
                 own name.",
                SOURCE,
            ),
        Check::new("token-no-keys", EXERCISE, no_keys)
            .says("While the keys cannot be had, a token that nobody can judge is answered with a 5xx status; later it is served.")
            .why(
                "After a 401 a client throws its token away and asks the user to sign in. The token is not at fault here.",
                "specification 2026-07-28, basic/authorization, Error Handling; RFC 6750, section 3.1",
            ),
        Check::new("token-issuer-name", EXERCISE, issuer_name)
            .says("Keys count only if the issuer calls itself exactly as ISSUER_URL does.")
            .why(
                "Otherwise one authorization server could give out keys in the name of another.",
                "specification 2026-07-28, basic/authorization/authorization-server-discovery; RFC 8414, section 3.3",
            ),
    ]
}

/// A server that accepts the tokens of this issuer, and no others.
fn trusting(ctx: &Context, issuer: &str) -> Launcher {
    let launcher = ctx.server().without("STATIC_TOKENS");
    launcher.env("ISSUER_URL", issuer)
}

/// A server that trusts an issuer, and Ada, who has a good token.
struct Trusting<'a> {
    issuer: &'a Issuer,
    ada: Remote,
}

impl<'a> Trusting<'a> {
    /// Starts it. `keep` is the value of JWKS_TTL_MS, if that matters.
    async fn start(ctx: &'a Context, keep: Option<&str>) -> Verdict<Self> {
        let issuer = ctx.issuer()?;
        let mut launcher = trusting(ctx, &issuer.url());
        if let Some(keep) = keep {
            launcher = launcher.env("JWKS_TTL_MS", keep);
        }
        let remote = launcher.listen().await?;
        let ada = remote.with_token(&issuer.token(&remote.url(), "ada", SCOPES));
        Ok(Self { issuer, ada })
    }

    /// The same, with Ada's conversation open: the server has fetched its keys in the legacy era.
    async fn open(ctx: &'a Context, keep: Option<&str>) -> Verdict<Self> {
        let trusting = Self::start(ctx, keep).await?;
        trusting.ada.open_if_legacy().await?;
        Ok(trusting)
    }

    /// A right token for this server that is not signed yet.
    fn draft(&self) -> Draft {
        self.issuer.draft(&self.ada.url(), "ada", SCOPES)
    }

    /// Lists the tools with another token than Ada's, in her conversation.
    async fn try_token(&self, token: &str) -> Verdict<(Value, HttpReply)> {
        let message = self.ada.message("tools/list", json!({}));
        let request = self.ada.post(&message);
        let request = request.header("Authorization", &format!("Bearer {token}"));
        Ok((message, self.ada.send(&request).await?))
    }

    /// Demands that a token opens the server.
    async fn serves(&self, token: &str, what: &str) -> Verdict {
        let (message, reply) = self.try_token(token).await?;
        ensure(reply.status == 200, || {
            reply
                .wrong("A good token is refused.", format!("tools/list, {what}"))
                .expected("200")
        })?;
        self.ada.reply(&message, &reply)?.result()?;
        Ok(())
    }

    /// How often the keys were fetched.
    fn fetches(&self) -> usize {
        self.issuer.requests(KEYS).len()
    }
}

/// Demands 401, and that a challenge, where there is one, blames the token: a scope is not what is missing.
fn unauthorized(reply: &HttpReply, sent: &str) -> Verdict {
    let challenge = reply.header("www-authenticate").unwrap_or_default();
    let blames = !challenge.contains("error=") || challenge.contains("invalid_token");
    ensure(reply.status == 401 && blames, || {
        reply
            .wrong(
                "A token that does not count is not refused as it should be.",
                sent,
            )
            .expected("status 401; if the challenge has an error, error=\"invalid_token\"")
    })?;
    Ok(())
}

async fn served(ctx: Context) -> Verdict {
    let server = Trusting::open(&ctx, None).await?;
    let url = server.ada.url();
    for (what, draft) in [
        ("a right token", server.draft()),
        (
            "a token for two servers, this one among them",
            server
                .draft()
                .claim("aud", json!(["https://two.example/", url])),
        ),
        (
            "a token of the type application/at+jwt",
            server.draft().header("typ", "application/at+jwt"),
        ),
        (
            "a token that says more than it has to",
            server
                .draft()
                .claim("nbf", 1)
                .claim("auth_time", 1)
                .claim("groups", json!(["blue"]))
                .header("jku", "https://two.example/jwks"),
        ),
        (
            "a token of a program that acts for itself",
            server
                .issuer
                .draft(&url, "nightly-report", "other:thing tracker:read"),
        ),
    ] {
        server.serves(&server.issuer.mint(&draft), what).await?;
    }
    Ok(())
}

async fn refused(ctx: Context) -> Verdict {
    let server = Trusting::open(&ctx, None).await?;
    let mut refusals = Refusals::default();
    let drafts = hostile::DRAFTS.iter().map(|(what, spoil)| {
        let token = server.issuer.mint(&spoil(server.draft()));
        ((*what).to_owned(), token)
    });
    let own_key = server
        .draft()
        .signed_by(Signer::Stranger)
        .header("jwk", server.issuer.strangers_key());
    let own_key = (
        "a stranger's key, brought along".to_owned(),
        server.issuer.mint(&own_key),
    );
    let texts = hostile::texts(server.issuer, &server.ada.url());
    for (what, token) in drafts.chain([own_key]).chain(texts) {
        let (_, reply) = server.try_token(&token).await?;
        let sent = format!("tools/list with a token like this: {what}");
        unauthorized(&reply, &sent)?;
        refusals.add(&reply, &token, &sent)?;
    }
    let after = "a right token, after all the wrong ones";
    server
        .serves(&server.issuer.mint(&server.draft()), after)
        .await?;
    refusals.audited(&server.ada).await
}

async fn rotated(ctx: Context) -> Verdict {
    let server = Trusting::open(&ctx, None).await?;
    let old = server.issuer.mint(&server.draft());
    server.serves(&old, "a right token").await?;
    server.issuer.rotate_key();
    let new = server.issuer.mint(&server.draft());
    server
        .serves(&new, "a token that is signed with a new key")
        .await?;
    server
        .serves(&old, "a token of the key before, which is still in the set")
        .await?;
    server
        .serves(&new, "the token of the new key again")
        .await?;
    let fetches = server.fetches();
    ensure(fetches == 2, || {
        wrong("The keys were not fetched as often as they had to be.")
            .sent("two tokens of a first key and two of a second one")
            .expected("the keys fetched for the first token, and once more for the new key")
            .got(format!("{fetches} times"))
    })?;
    Ok(())
}

async fn revoked(ctx: Context) -> Verdict {
    let server = Trusting::open(&ctx, Some(SHORT)).await?;
    let old = server.issuer.mint(&server.draft());
    server.serves(&old, "a right token").await?;
    server.issuer.revoke_key(&server.issuer.current_key());
    let limit = ctx.limits().request();
    let end = Instant::now() + limit;
    let sent = format!("the token of a key that was taken back, with JWKS_TTL_MS={SHORT}");
    loop {
        let (_, reply) = server.try_token(&old).await?;
        if reply.status == 401 {
            break;
        }
        ensure(Instant::now() < end, || {
            reply
                .wrong("A key that was taken back still counts.", &sent)
                .expected(format!("status 401 within {}", spoken(limit)))
        })?;
        sleep(AGAIN).await;
    }
    let new = server.issuer.mint(&server.draft());
    server
        .serves(&new, "a token of the key that came after it")
        .await
}

async fn unknown_keys(ctx: Context) -> Verdict {
    let server = Trusting::open(&ctx, None).await?;
    let right = server.issuer.mint(&server.draft());
    server.serves(&right, "a right token").await?;
    let before = server.fetches();
    for number in 0..UNKNOWN {
        let draft = server.draft().signed_by(Signer::UnknownKey);
        let draft = draft.header("kid", format!("made-up-{number}"));
        let (_, reply) = server.try_token(&server.issuer.mint(&draft)).await?;
        unauthorized(&reply, "a token whose `kid` is in no key set")?;
    }
    let fetches = server.fetches() - before;
    ensure(fetches <= UNKNOWN / 2, || {
        wrong("Whoever sends made-up keys decides how often the issuer is asked.")
            .sent(format!(
                "{UNKNOWN} tokens, each with another key that does not exist"
            ))
            .expected("the keys fetched once for many of them")
            .got(format!("the keys fetched {fetches} times"))
    })?;
    server
        .serves(&right, "a right token, after the made-up ones")
        .await
}

async fn no_keys(ctx: Context) -> Verdict {
    let server = Trusting::start(&ctx, None).await?;
    let down = || Fault::on(KEYS, Effect::Status { status: 503 }).times(u64::MAX);
    server.issuer.fault(down())?;
    let right = server.issuer.mint(&server.draft());
    let (_, reply) = server.try_token(&right).await?;
    ensure((500..600).contains(&reply.status), || {
        reply
            .wrong(
                "A token that cannot be judged is not answered as a fault of this side.",
                "tools/list with a right token, while the issuer answers 503 for its keys",
            )
            .expected("a status from 500 to 599")
    })?;
    server.issuer.clear_faults();
    server.ada.open_if_legacy().await?;
    server
        .serves(&right, "the same token, once the issuer answers again")
        .await?;
    server.issuer.fault(down())?;
    let known = "the same token, whose key the server has, while the issuer answers 503 again";
    server.serves(&right, known).await
}

async fn issuer_name(ctx: Context) -> Verdict {
    let issuer = ctx.issuer()?;
    let other = issuer.url().replace("127.0.0.1", "localhost");
    let remote = trusting(&ctx, &other).listen().await?;
    let draft = issuer.draft(&remote.url(), "ada", SCOPES);
    let token = issuer.mint(&draft.claim("iss", other.as_str()));
    let ada = remote.with_token(&token);
    let reply = ada
        .send(&ada.post(&ada.message("tools/list", json!({}))))
        .await?;
    ensure(reply.status == 401 || reply.status >= 500, || {
        reply
            .wrong(
                "Keys count that the issuer of another name has published.",
                "a token of an issuer that ISSUER_URL calls http://localhost…, where its metadata says http://127.0.0.1…",
            )
            .expected("status 401, or one from 500 to 599")
    })?;
    Ok(())
}
