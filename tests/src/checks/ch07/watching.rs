//! 7.7: what the log and the health of a server tell while it runs.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tracker::{Options, Tokens, Tracker};
use verdict::{Era, Needs};

use super::log_lines::{Feature, common, features};
use crate::harness::{
    Check, Context, HttpReply, HttpRequest, Remote, Stop, Verdict, ensure, short, wrong,
};

pub(super) const EXERCISE: &str = "7.7";
const SOURCE: &str = "specification 2026-07-28, basic/index: OpenTelemetry trace context";

/// The trace that all calls of a check belong to.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
/// The span of whoever calls.
const PARENT: &str = "b7ad6b7169203331";
/// So many calls are made, one after the other.
const CALLS: usize = 3;
/// The log of a call is complete when nothing has come for this time.
const QUIET: Duration = Duration::from_millis(25);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("request-ids", EXERCISE, ids)
            .says("Every log line of a request carries the id of that request, which no other request has.")
            .why(
                "Requests run side by side, so their lines are mixed. Without an id nobody can tell which belong together.",
                SOURCE,
            )
            .needs(Needs::Crate),
        Check::new("trace-continued", EXERCISE, traced)
            .says("The trace id of `_meta.traceparent` is in the log lines of the request; what is no traceparent is not.")
            .why(
                "One question of a user becomes calls to many servers. The trace id is the same in all of their logs.",
                SOURCE,
            )
            .needs(Needs::Crate),
        Check::new("health-told", EXERCISE, health)
            .says("`/healthz` answers 200 as long as the process works; `/readyz` answers 503 while the tracker does not answer, and 200 again after.")
            .why(
                "Whoever starts dead processes again asks the first, whoever spreads the load asks the second. \
                 If they are mixed up, a tracker that is down gets all servers killed, or they get calls that they cannot serve.",
                "specification 2026-07-28, basic/transports/streamable-http: the server MUST provide a single HTTP endpoint for MCP, and may have others",
            )
            .only(Era::Modern)
            .needs(Needs::Crate)
            .waits(),
    ]
}

async fn ids(ctx: Context) -> Verdict {
    let remote = listening(&ctx).await?;
    let mut calls = Vec::new();
    for _ in 0..CALLS {
        calls.push(logged(&remote, &traceparent()).await?);
    }
    for (number, lines) in calls.iter().enumerate() {
        let others = calls
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        let elsewhere: Vec<Feature> = others
            .flat_map(|(_, lines)| lines.iter().flat_map(|line| features(line)))
            .collect();
        let has_id = common(lines)
            .iter()
            .any(|feature| !elsewhere.contains(feature));
        ensure(has_id, || {
            wrong("The log does not tell which lines belong to one request.")
                .sent(format!(
                    "tools/call get_task {{\"task\":\"ATLAS-1\"}}, {CALLS} times with the same id and traceparent"
                ))
                .expected("a value that all lines of one request have, and no line of another: an id that the server makes for each request")
                .got(lines.first().map_or(String::new(), |line| short::line(line)))
        })?;
    }
    Ok(())
}

async fn traced(ctx: Context) -> Verdict {
    let remote = listening(&ctx).await?;
    let lines = logged(&remote, &traceparent()).await?;
    let without = lines.iter().find(|line| !line.contains(TRACE));
    if let Some(line) = without {
        return Err(wrong("A log line does not tell the trace of its request.")
            .sent(format!(
                "tools/call with _meta.traceparent {}",
                traceparent()
            ))
            .expected(format!("{TRACE} in every line of the request"))
            .got(short::line(line))
            .into());
    }
    let zeros = "0".repeat(32);
    for odd in [
        format!("00-{zeros}-{PARENT}-01"),
        format!("00-{}-{PARENT}-01", "e".repeat(31)),
        "0\u{1b}[2J".to_owned(),
    ] {
        let lines = logged(&remote, &odd).await?;
        let kept = lines
            .iter()
            .find(|line| line.contains(&odd) || line.contains(&zeros) || line.contains('\u{1b}'));
        if let Some(line) = kept {
            return Err(wrong("The log takes over what is no traceparent.")
                .sent(format!("tools/call with _meta.traceparent {}", short::quoted(&odd)))
                .expected("the request is answered, and begins a trace of its own")
                .got(short::line(line))
                .why("The W3C demands to go on as if nothing had been sent. A log that copies what callers send can be forged by them.")
                .into());
        }
    }
    Ok(())
}

async fn health(ctx: Context) -> Verdict {
    let busy = |error: std::io::Error| Stop::Fault(format!("there is no free port: {error}"));
    // Connections wait there, and nobody answers.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(busy)?;
    let address = silent.local_addr().map_err(busy)?;
    let remote = ctx
        .server()
        .env("TRACKER_URL", format!("http://{address}"))
        .env("ATTEMPT_TIMEOUT_MS", "200")
        .listen()
        .await?;
    let down = "the tracker does not answer";
    expect(&remote, "/healthz", 200, down).await?;
    expect(&remote, "/readyz", 503, down).await?;
    silent.set_nonblocking(true).map_err(busy)?;
    let listener = tokio::net::TcpListener::from_std(silent).map_err(busy)?;
    let options = Options {
        tokens: Tokens::Any,
        ..Options::default()
    };
    let _tracker = Tracker::on(listener, options).map_err(busy)?;
    let end = Instant::now() + ctx.limits().request();
    // What was found out may be kept for a moment.
    while get(&remote, "/readyz").await?.status != 200 && Instant::now() < end {
        sleep(QUIET).await;
    }
    let up = "the tracker answers again";
    expect(&remote, "/readyz", 200, up).await?;
    expect(&remote, "/healthz", 200, up).await
}

async fn expect(remote: &Remote, path: &str, status: u16, when: &str) -> Verdict {
    let reply = get(remote, path).await?;
    ensure(reply.status == status, || {
        reply
            .wrong(
                format!("{path} is wrong when {when}."),
                format!("GET {path}, while {when}"),
            )
            .expected(status.to_string())
    })?;
    Ok(())
}

/// What somebody is told who asks without MCP.
pub(super) async fn get(remote: &Remote, path: &str) -> Verdict<HttpReply> {
    let request = HttpRequest::new("GET", path).and("Host", &remote.host());
    remote.send(&request).await
}

/// A server whose log tells what the server itself does.
async fn listening(ctx: &Context) -> Verdict<Remote> {
    ctx.server()
        .env("RUST_LOG", "info,rmcp=warn")
        .serve_http()
        .await
}

fn traceparent() -> String {
    format!("00-{TRACE}-{PARENT}-01")
}

/// The lines that a call leaves in the log. Every call is the same to the letter, its id included.
async fn logged(remote: &Remote, traceparent: &str) -> Verdict<Vec<String>> {
    let before = settled(remote, 0).await;
    let arguments = json!({"task": "ATLAS-1"});
    let params =
        json!({"name": "get_task", "arguments": arguments, "_meta": {"traceparent": traceparent}});
    let mut message = remote.message("tools/call", params);
    message["id"] = Value::from(1);
    let reply = remote.send(&remote.post(&message)).await?;
    remote.reply(&message, &reply)?.tool_success()?;
    let after = settled(remote, before.len() + 1).await;
    let lines: Vec<String> = after[before.len()..].lines().map(str::to_owned).collect();
    ensure(lines.len() >= 2, || {
        wrong("A call leaves too little in the log.")
            .sent("tools/call get_task {\"task\":\"ATLAS-1\"}, with RUST_LOG=info")
            .expected("at least two lines on standard error: that the tracker is asked, and that the call is answered")
            .got(match lines.first() {
                Some(line) => short::line(line),
                None => "no line".to_owned(),
            })
    })?;
    Ok(lines)
}

/// The log, as soon as it has this length and nothing more comes.
async fn settled(remote: &Remote, length: usize) -> String {
    let end = Instant::now() + remote.process().limits().request();
    let mut log = remote.log().stderr();
    loop {
        sleep(QUIET).await;
        let now = remote.log().stderr();
        if (now.len() == log.len() && now.len() >= length) || Instant::now() >= end {
            return now;
        }
        log = now;
    }
}
