//! 6.2 Serve HTTP safely.

use serde_json::{Value, json};
use verdict::Era;

use crate::harness::{
    Caller, Check, Context, HttpReply, HttpRequest, Remote, Verdict, ensure, protocol, wrong,
};

const EXERCISE: &str = "6.2";
const SOURCE: &str = "specification 2026-07-28, basic/transports/streamable-http";

/// MCP, modern era: a header does not say what the body says.
const HEADER_MISMATCH: i64 = -32020;
/// A revision that no server speaks.
const FUTURE: &str = "2099-01-01";

/// A web page whose scripts may call.
const PAGE: &str = "https://app.example.com";
/// A name of the server that is no address.
const NAME: &str = "mcp.example.com";

/// What a browser sends for scripts of other pages.
const FOREIGN_ORIGINS: [&str; 9] = [
    "null",
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.example",
    "https://evil.example#https://app.example.com",
    "https://sub.app.example.com",
    "app.example.com",
    "file://",
];

/// Names that lead to the server, and are none of its own.
const FOREIGN_HOSTS: [&str; 8] = [
    "evil.example",
    "evil.example:8080",
    "mcp.example.com.evil.example",
    "sub.mcp.example.com",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.2",
    "10.0.0.1",
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("http-origins", EXERCISE, origins)
            .says("What the script of a foreign page sends is refused; a program and the listed page are served.")
            .why(
                "Servers MUST validate the Origin header on all incoming connections, and answer 403 if it is there and \
                 invalid. Otherwise every page that a person opens can use the server on their machine.",
                SOURCE,
            ),
        Check::new("http-hosts", EXERCISE, hosts)
            .says("A request is served only under a name of this server, on any port that it may have.")
            .why(
                "By DNS rebinding a foreign page reaches this machine under a name of its own, and then counts as the \
                 same origin. The header Host still has that name.",
                SOURCE,
            ),
        Check::new("http-statuses", EXERCISE, statuses)
            .says("Requests that no endpoint of this era has are answered with the status that belongs to them.")
            .why(
                "A client that meets a server for the first time finds out by these statuses which era it speaks.",
                SOURCE,
            ),
        Check::new("http-shared", EXERCISE, shared)
            .says("A task that one request makes is there for the next one, and for another client.")
            .why(
                "The SDK makes a handler for each request of the modern era, and for each session of the legacy one: \
                 what they share must not be made with them.",
                SOURCE,
            ),
    ]
}

async fn serve(ctx: &Context) -> Verdict<Remote> {
    ctx.server()
        .env("ALLOWED_ORIGINS", PAGE)
        .env("ALLOWED_HOSTS", format!("localhost,127.0.0.1,{NAME}"))
        .serve_http()
        .await
}

/// A request that is right but for what the check changes, and its reply.
async fn list(
    remote: &Remote,
    change: impl Fn(HttpRequest) -> HttpRequest,
) -> Verdict<(Value, HttpReply)> {
    let message = remote.message("tools/list", json!({}));
    let reply = remote.send(&change(remote.post(&message))).await?;
    Ok((message, reply))
}

/// Demands that the request was served.
fn served(remote: &Remote, asked: &(Value, HttpReply), with: &str) -> Verdict {
    let (message, reply) = asked;
    if reply.status != 200 {
        let refused = reply.wrong(format!("A request with {with} is refused."), "tools/list");
        return Err(refused.expected("200").into());
    }
    remote.reply(message, reply)?.result()?;
    Ok(())
}

/// Demands one of these statuses.
fn refused(reply: &HttpReply, statuses: &[u16], with: &str) -> Verdict {
    let spoken: Vec<String> = statuses.iter().map(u16::to_string).collect();
    ensure(statuses.contains(&reply.status), || {
        reply
            .wrong(
                format!("A request with {with} is not refused as it should be."),
                format!("tools/list with {with}"),
            )
            .expected(format!("status {}", spoken.join(" or ")))
    })?;
    Ok(())
}

async fn origins(ctx: Context) -> Verdict {
    let remote = serve(&ctx).await?;
    served(&remote, &list(&remote, |it| it).await?, "no Origin")?;
    let page = list(&remote, |it| it.header("Origin", PAGE)).await?;
    served(
        &remote,
        &page,
        &format!("Origin: {PAGE}, which ALLOWED_ORIGINS names"),
    )?;
    for origin in FOREIGN_ORIGINS {
        let (_, reply) = list(&remote, |it| it.header("Origin", origin)).await?;
        refused(&reply, &[403], &format!("Origin: {origin}"))?;
    }
    let two = |it: HttpRequest| it.and("Origin", PAGE).and("Origin", "https://evil.example");
    let (_, reply) = list(&remote, two).await?;
    refused(
        &reply,
        &[400, 403],
        "two headers Origin, the second of a foreign page",
    )
}

async fn hosts(ctx: Context) -> Verdict {
    let remote = serve(&ctx).await?;
    let host = remote.host();
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    for own in [
        host.clone(),
        format!("localhost:{port}"),
        "LOCALHOST".to_owned(),
        NAME.to_owned(),
        format!("{NAME}:{port}"),
    ] {
        let asked = list(&remote, |it| it.header("Host", &own)).await?;
        served(
            &remote,
            &asked,
            &format!("Host: {own}, a name of the server"),
        )?;
    }
    for foreign in FOREIGN_HOSTS {
        let (_, reply) = list(&remote, |it| it.header("Host", foreign)).await?;
        refused(&reply, &[403, 421], &format!("Host: {foreign}"))?;
    }
    // What is no Host at all may as well be called malformed.
    for broken in [
        format!("{NAME}:x"),
        format!("evil.example@{NAME}"),
        format!("{NAME}:80:80"),
    ] {
        let (_, reply) = list(&remote, |it| it.header("Host", &broken)).await?;
        refused(&reply, &[400, 403, 421], &format!("Host: {broken}"))?;
    }
    let (_, reply) = list(&remote, |it| it.without("Host")).await?;
    refused(&reply, &[400, 403, 421], "no Host")?;
    let (_, reply) = list(&remote, |it| it.and("Host", "evil.example")).await?;
    refused(&reply, &[400, 403, 421], "two headers Host")
}

async fn statuses(ctx: Context) -> Verdict {
    let remote = serve(&ctx).await?;
    let notification = protocol::notification("notifications/cancelled", remote_params(&remote));
    let reply = remote.send(&remote.post(&notification)).await?;
    demand(&reply, "a notification", 202..=202)?;
    let broken = remote
        .post(&remote.message("tools/list", json!({})))
        .body("{\"jsonrpc\":");
    demand(
        &remote.send(&broken).await?,
        "a body that is no JSON",
        400..=499,
    )?;
    if ctx.era() == Era::Legacy {
        return Ok(());
    }
    for method in ["GET", "DELETE"] {
        let mut request = remote.post(&remote.message("tools/list", json!({})));
        request.method = method.to_owned();
        let reply = remote.send(&request.body("")).await?;
        demand(&reply, &format!("{method} in the modern era"), 405..=405)?;
    }
    let other = |it: HttpRequest| it.header("Mcp-Method", "tools/call");
    let (message, reply) = list(&remote, other).await?;
    demand(
        &reply,
        "Mcp-Method: tools/call and tools/list in the body",
        400..=400,
    )?;
    coded(&remote, &message, &reply, HEADER_MISMATCH)?;
    let mut message = remote.message("tools/list", json!({}));
    message["params"]["_meta"][protocol::META_VERSION] = json!(FUTURE);
    let request = remote.post(&message).header("MCP-Protocol-Version", FUTURE);
    let reply = remote.send(&request).await?;
    demand(&reply, "a revision that does not exist", 400..=400)?;
    coded(&remote, &message, &reply, protocol::UNSUPPORTED_VERSION)
}

/// What a cancellation names: a request that nobody has sent.
fn remote_params(remote: &Remote) -> Value {
    remote.process().params(json!({"requestId": 4711}))
}

fn demand(reply: &HttpReply, what: &str, statuses: std::ops::RangeInclusive<u16>) -> Verdict {
    let (first, last) = (statuses.start(), statuses.end());
    let expected = match first == last {
        true => format!("status {first}"),
        false => format!("a status from {first} to {last}"),
    };
    ensure(statuses.contains(&reply.status), || {
        reply
            .wrong(format!("The status is not the one for {what}."), what)
            .expected(expected)
    })?;
    Ok(())
}

fn coded(remote: &Remote, message: &Value, reply: &HttpReply, code: i64) -> Verdict {
    let answer = remote.reply(message, reply)?;
    answer.expect_error(
        code,
        "The error has another code than the specification says.",
    )?;
    Ok(())
}

async fn shared(ctx: Context) -> Verdict {
    let remote = serve(&ctx).await?;
    let other = remote.for_caller(Caller::Ben).await?;
    // A server that keeps what it was told once has kept it now.
    let project = json!({"project": "ATLAS"});
    for client in [&remote, &other] {
        let listed = client.call("list_tasks", project.clone()).await?;
        listed.tool_success()?;
    }
    let arguments = json!({"project": "ATLAS", "title": "Made over HTTP"});
    let made = remote.call("create_task", arguments).await?;
    let made = made.tool_success()?.data()?["id"].clone();
    for (client, who) in [(&remote, "the next request"), (&other, "another client")] {
        let listed = client.call("list_tasks", project.clone()).await?;
        let tasks = listed.tool_success()?.data()?;
        let tasks = tasks["tasks"].as_array().cloned().unwrap_or_default();
        ensure(tasks.iter().any(|task| task["id"] == made), || {
            wrong(format!(
                "The task that was just made is not there for {who}."
            ))
            .sent("create_task, then list_tasks of the same project")
            .expected(format!("a list with {made}"))
            .got(format!("{} other tasks", tasks.len()))
        })?;
    }
    Ok(())
}
