//! 6.6 Pass no token on.

use std::time::Duration;

use issuer::{Effect, Fault, SERVER_CLIENT, SERVER_SECRET};
use serde_json::json;
use tokio::time::sleep;

use super::web::{self, Web};
use crate::harness::{
    Caller, Check, Context, Launcher, Remote, TRACKER_TOKEN, Verdict, ensure, wrong,
};

const EXERCISE: &str = "6.6";
const SOURCE: &str = "specification 2026-07-28, basic/authorization/security-considerations, Access Token Privilege Restriction";

/// Where the issuer gives out tokens.
const ENDPOINT: &str = "POST /token";
/// The callers of the check with more than one.
const CALLERS: [Caller; 3] = [Caller::Ada, Caller::Ben, Caller::Cleo];
/// How long a token of the endpoint is good, in seconds.
const LIFETIME: u64 = 1;
/// How long the endpoint takes for the first token of the check with many calls, in milliseconds.
const SLOW: u64 = 300;
/// So many calls need one token.
const CALLS: usize = 5;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("passthrough-none", EXERCISE, none)
            .says("The tracker sees the credential of the server in every call, and never a token of a client.")
            .why(
                "A server MUST NOT pass on the token that it received. It is meant for this server; whoever else gets it \
                 can act as the user, and the tracker cannot tell who is calling.",
                SOURCE,
            ),
        Check::new("passthrough-by-itself", EXERCISE, by_itself)
            .says("The server asks for a token in its own name and for the tracker, and no secret of anybody is seen elsewhere.")
            .why(
                "By client credentials your server acts for itself. Showing the token endpoint the token of a client \
                 would be another way of passing it on.",
                SOURCE,
            ),
        Check::new("passthrough-no-token", EXERCISE, no_token)
            .says("While no token is to be had, calls fail and nothing reaches the tracker; later they work.")
            .why(
                "A way around for bad times is the one that an attacker waits for: the token of the client is no way around.",
                SOURCE,
            ),
        Check::new("passthrough-one-token", EXERCISE, one_token)
            .says("One token is fetched for many calls, also at the same moment.")
            .why(
                "A token endpoint that is asked for every call is the first thing to fail when there are many.",
                SOURCE,
            ),
        Check::new("passthrough-renewed", EXERCISE, renewed)
            .says("When the token has expired, a new one is fetched, without an error for anybody.")
            .why("A server that keeps its first token for ever works until the first night.", SOURCE)
            .waits(),
    ]
}

/// A token endpoint: each token has its number.
fn grant(_: &str, count: usize) -> String {
    let reply = json!({
        "access_token": format!("{TOKEN}{count}"),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
    });
    web::ok("application/json", &reply.to_string())
}

/// What the tokens of the endpoint begin with.
const TOKEN: &str = "granted-to-the-server-";

/// A server that gets its credential from the token endpoint at this address.
fn client_of(ctx: &Context, token_url: &str) -> Launcher {
    ctx.server()
        .without("TRACKER_TOKEN")
        .env("TRACKER_CLIENT_ID", SERVER_CLIENT)
        .env("TRACKER_CLIENT_SECRET", SERVER_SECRET)
        .env("TRACKER_TOKEN_URL", token_url)
}

async fn none(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    for caller in CALLERS {
        works(&remote.as_caller(caller)).await?;
    }
    shown(
        &ctx,
        "calls of three callers, with TRACKER_TOKEN set",
        |token| token == TRACKER_TOKEN,
    )
}

/// Looks, and makes a task.
async fn works(client: &Remote) -> Verdict {
    client.open_if_legacy().await?;
    called(client).await?;
    let new = json!({"project": "ATLAS", "title": "Whose token"});
    client.call("create_task", new).await?.tool_success()?;
    Ok(())
}

async fn by_itself(ctx: Context) -> Verdict {
    let issuer = ctx.issuer()?;
    let remote = client_of(&ctx, &issuer.token_url()).serve_http().await?;
    for caller in CALLERS {
        works(&remote.as_caller(caller)).await?;
    }
    let sent = "calls of three callers, with TRACKER_CLIENT_ID set";
    let requests = issuer.requests(ENDPOINT);
    for request in &requests {
        let granted = request.status == Some(200);
        let by_itself = request.parameter("grant_type") == Some("client_credentials");
        ensure(granted && by_itself, || {
            wrong("The server did not ask for its token by client credentials.")
                .sent(sent)
                .expected("grant_type=client_credentials, and status 200")
                .got(format!(
                    "grant_type={}, and status {}",
                    request.parameter("grant_type").unwrap_or_default(),
                    request.status.unwrap_or_default()
                ))
        })?;
        let values = request.parameters.iter().map(|(_, value)| value.as_str());
        let mut values = values.chain(request.authorization.as_deref());
        let foreign =
            values.any(|value| CALLERS.iter().any(|caller| value.contains(caller.token())));
        ensure(!foreign, || {
            wrong("The token endpoint was shown the token of a client.")
                .sent(sent)
                .expected("the id and the secret of the server, and nothing of its clients")
                .got("the token of a client among the parameters")
        })?;
    }
    let journal = ctx.tracker()?.journal();
    let granted = journal
        .first()
        .and_then(|entry| entry.authorization.as_deref());
    let granted = granted.and_then(|value| value.strip_prefix("Bearer "));
    let granted = granted.unwrap_or_default().to_owned();
    shown(&ctx, sent, |token| token == granted && token.contains('.'))?;
    let log = remote.end().await;
    let mut secrets = CALLERS.map(Caller::token).to_vec();
    secrets.extend([SERVER_SECRET, granted.as_str()]);
    ensure(!secrets.iter().any(|secret| log.contains(secret)), || {
        wrong("A secret is on standard error.")
            .sent(sent)
            .expected("lines without tokens and passwords")
            .got("a line with one of them")
    })?;
    Ok(())
}

async fn no_token(ctx: Context) -> Verdict {
    let issuer = ctx.issuer()?;
    let remote = client_of(&ctx, &issuer.token_url()).serve_http().await?;
    let down = Fault::on(ENDPOINT, Effect::Status { status: 503 });
    issuer.fault(down.times(u64::MAX))?;
    let new = json!({"project": "ATLAS", "title": "Whose token"});
    let reply = remote.try_call("create_task", new).await?;
    let sent = "tools/call create_task, while the token endpoint answers 503";
    let failed = reply.status >= 400
        || reply
            .messages()
            .iter()
            .any(|message| message.get("error").is_some() || message["result"]["isError"] == true);
    ensure(failed, || {
        reply
            .wrong("A call without a token for the tracker succeeds.", sent)
            .expected("an error")
    })?;
    let secrets = [Caller::Ada.token(), SERVER_SECRET];
    ensure(!secrets.iter().any(|secret| reply.mentions(secret)), || {
        wrong("The error shows a secret.")
            .sent(sent)
            .expected("an error without tokens and passwords")
            .got("one of them in the reply")
    })?;
    let journal = ctx.tracker()?.journal();
    ensure(journal.is_empty(), || {
        wrong("A request went to the tracker though there was no token for it.")
            .sent(sent)
            .expected("nothing at the tracker")
            .got(format!("{} {}", journal[0].method, journal[0].path))
    })?;
    issuer.clear_faults();
    called(&remote).await?;
    shown(
        &ctx,
        "list_projects, once the endpoint answers again",
        |token| token != Caller::Ada.token(),
    )
}

/// Demands that the tracker saw tokens like these, and no other.
fn shown(ctx: &Context, sent: &str, right: impl Fn(&str) -> bool) -> Verdict {
    let journal = ctx.tracker()?.journal();
    for entry in journal {
        let token = entry
            .authorization
            .as_deref()
            .and_then(|value| value.strip_prefix("Bearer "));
        ensure(token.is_some_and(&right), || {
            let got = match token {
                Some(token) if token == Caller::Ada.token() => "the token of the client",
                Some(_) => "another token",
                None => "no token",
            };
            wrong("The tracker was not shown the credential of this server.")
                .sent(sent)
                .expected("Authorization: Bearer and the server's own token in every request")
                .got(format!("{} {} with {got}", entry.method, entry.path))
        })?;
    }
    Ok(())
}

async fn one_token(ctx: Context) -> Verdict {
    let issuer = ctx.issuer()?;
    let remote = client_of(&ctx, &issuer.token_url()).serve_http().await?;
    // While the first request waits, the other calls find no token yet.
    issuer.fault(Fault::on(ENDPOINT, Effect::Latency { millis: SLOW }))?;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let remote = remote.clone();
        calls.spawn(async move { called(&remote).await });
    }
    for call in calls.join_all().await {
        call?;
    }
    called(&remote).await?;
    let requests = issuer.requests(ENDPOINT).len();
    ensure(requests == 1, || {
        wrong("The token endpoint was not asked once.")
            .sent(format!(
                "{CALLS} calls at once and one more, with a token that lasts"
            ))
            .expected("one request to TRACKER_TOKEN_URL")
            .got(format!("{requests} requests"))
    })?;
    Ok(())
}

async fn called(remote: &Remote) -> Verdict {
    remote
        .call("list_projects", json!({}))
        .await?
        .tool_success()?;
    Ok(())
}

async fn renewed(ctx: Context) -> Verdict {
    let endpoint = Web::start(grant).await?;
    let url = format!("http://{}/token", endpoint.address());
    let remote = client_of(&ctx, &url).serve_http().await?;
    called(&remote).await?;
    sleep(Duration::from_millis(LIFETIME * 1000 + 100)).await;
    called(&remote).await?;
    let journal = ctx.tracker()?.journal();
    let last = journal.last().and_then(|entry| entry.authorization.clone());
    let used = last.unwrap_or_default();
    ensure(
        used != format!("Bearer {TOKEN}1") && endpoint.visits() >= 2,
        || {
            wrong("A token is used after it has expired.")
            .sent(format!("two calls, with more than {LIFETIME} s between them, and tokens that are good for {LIFETIME} s"))
            .expected("a new token in the second call")
            .got(format!("{} requests to TRACKER_TOKEN_URL", endpoint.visits()))
        },
    )?;
    shown(&ctx, "two calls of ada", |token| token.starts_with(TOKEN))
}
