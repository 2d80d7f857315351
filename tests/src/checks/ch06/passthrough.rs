//! 6.6 Pass no token on.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::web::{self, Web};
use crate::harness::{
    Caller, Check, Context, Launcher, Remote, TRACKER_TOKEN, Verdict, ensure, wrong,
};

const EXERCISE: &str = "6.6";
const SOURCE: &str = "specification 2026-07-28, basic/authorization/security-considerations, Access Token Privilege Restriction";

/// What the server is called at the token endpoint, and its password there.
const CLIENT: &str = "server-of-this-check";
const SECRET: &str = "client-secret-of-this-check-71ad0e";
/// How long a token of the endpoint is good, in seconds.
const LIFETIME: u64 = 1;
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

/// The same, with tokens that last.
fn grant_for_long(_: &str, count: usize) -> String {
    let reply = json!({
        "access_token": format!("{TOKEN}{count}"),
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    web::ok("application/json", &reply.to_string())
}

/// What the tokens of the endpoint begin with.
const TOKEN: &str = "granted-to-the-server-";

/// A server that gets its credential from this endpoint.
fn client_of(ctx: &Context, endpoint: &Web) -> Launcher {
    ctx.server()
        .without("TRACKER_TOKEN")
        .env("TRACKER_CLIENT_ID", CLIENT)
        .env("TRACKER_CLIENT_SECRET", SECRET)
        .env(
            "TRACKER_TOKEN_URL",
            format!("http://{}/token", endpoint.address()),
        )
}

async fn none(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    remote
        .call("list_projects", json!({}))
        .await?
        .tool_success()?;
    let new = json!({"project": "ATLAS", "title": "Whose token"});
    remote.call("create_task", new).await?.tool_success()?;
    shown(&ctx, "calls of ada, with TRACKER_TOKEN set", |token| {
        token == TRACKER_TOKEN
    })
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
    let endpoint = Web::start(grant_for_long).await?;
    let remote = client_of(&ctx, &endpoint).serve_http().await?;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let remote = remote.clone();
        calls.spawn(async move { called(&remote).await });
    }
    for call in calls.join_all().await {
        call?;
    }
    called(&remote).await?;
    let sent = format!("{CALLS} calls at once and one more, with a token that is good for an hour");
    ensure(endpoint.visits() == 1, || {
        wrong("The token endpoint was not asked once.")
            .sent(sent.clone())
            .expected("one request to TRACKER_TOKEN_URL")
            .got(format!("{} requests", endpoint.visits()))
    })?;
    shown(&ctx, &sent, |token| token.starts_with(TOKEN))
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
    let remote = client_of(&ctx, &endpoint).serve_http().await?;
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
