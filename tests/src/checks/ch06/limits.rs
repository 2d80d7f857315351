//! 6.8 Set limits.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tracker::{Effect, Fault};
use verdict::Era;

use super::bodies::{self, Due};
use super::trail;
use crate::harness::{
    Caller, Check, Context, HttpReply, Launcher, Line, Remote, Stop, Verdict, ensure, spoken, wrong,
};

const EXERCISE: &str = "6.8";
const SOURCE: &str = "specification 2026-07-28, server/tools, Security Considerations: rate limits";

/// `RATE_LIMIT` in the check that goes over it, and how many requests that takes on a machine of any speed.
const RATE: usize = 5;
const BURST: usize = 40;
/// `CONCURRENCY_LIMIT` in the checks that go over it.
const PLACES: usize = 2;
/// `BODY_LIMIT` in the checks that go over it.
const BODY_LIMIT: usize = 4000;
/// `BODY_TIMEOUT_MS` and `CALL_BUDGET_MS` in the checks that go over them (× the time factor).
const BUDGET: Duration = Duration::from_millis(300);
/// How long the tracker takes for a call that is to last (× the time factor): longer than the check.
const FOR_LONG: Duration = Duration::from_secs(60);
/// So many changes are told.
const CHANGES: usize = 100;
/// Length of a name that comes back with every change, in bytes. So many changes under it are more than the buffers of two
/// machines have room for, which a reply that nobody reads fills first.
const LONG_NAME: usize = 100_000;
/// How often a check looks whether something is so by now.
const LOOK: Duration = Duration::from_millis(20);
/// What tells of a change.
const CHANGED: &str = "notifications/resources/list_changed";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("limit-rate", EXERCISE, rate)
            .says("A caller who asks too often is told to wait, and is served again later; nobody else has to wait.")
            .why(
                "Servers MUST rate limit what tools do. A limit for all callers together lets the loudest take it all.",
                SOURCE,
            ),
        Check::new("limit-places", EXERCISE, places)
            .says("A caller has so many calls at once; who hangs up has the place back, and others have their own.")
            .why(
                "A call that waits costs no requests a second, and holds memory and a connection to the tracker.",
                SOURCE,
            ),
        Check::new("limit-streams", EXERCISE, streams)
            .says("A stream takes a place as long as it lasts.")
            .why(
                "The head of a stream is sent at once. Counted only until then, streams cost nothing, and a caller can have \
                 any number.",
                "specification 2026-07-28, basic/patterns/subscriptions",
            )
            .only(Era::Modern),
        Check::new("limit-slow-reader", EXERCISE, slow_reader)
            .says("A subscriber who reads nothing holds up nobody else.")
            .why(
                "What one client does not read piles up before it. A server that waits for that client tells the others \
                 nothing.",
                "specification 2026-07-28, basic/patterns/subscriptions",
            )
            .only(Era::Modern),
        Check::new("limit-body", EXERCISE, body)
            .says("A body that is too long is refused, however it says how long it is, and what fits is served.")
            .why("What a server keeps in memory for a caller must not be the caller's choice.", SOURCE),
        Check::new("limit-slow-body", EXERCISE, slow_body)
            .says("A body that does not come is given up, and gives its place back.")
            .why(
                "A client that sends a byte now and then holds a place for ever, and needs nothing for it.",
                SOURCE,
            ),
        Check::new("limit-time", EXERCISE, time)
            .says("A call that takes too long is given up, with an answer.")
            .why(
                "A call that waits for ever holds its place for ever, and its client waits with it.",
                "specification 2026-07-28, server/tools, Security Considerations, where it is advice to clients: timeouts",
            ),
        Check::new("limit-audit", EXERCISE, audit)
            .says("Every refusal leaves one line that names the caller, without a token.")
            .why(
                "A caller who is stopped again and again is broken or up to something. Whoever runs the server should see \
                 who it is.",
                "specification 2026-07-28, server/tools, Security Considerations, where it is advice to clients: log tool usage for audit purposes",
            ),
    ]
}

/// A request that costs nothing.
async fn ask(remote: &Remote) -> Verdict<HttpReply> {
    let message = remote.message("tools/list", json!({}));
    remote.send(&remote.post(&message)).await
}

/// Demands that somebody else is served.
async fn unharmed(ben: &Remote, sent: &str) -> Verdict {
    let reply = ask(ben).await?;
    ensure(reply.status == 200, || {
        reply
            .wrong(
                "Another caller has to wait, too.",
                format!("{sent} by ada, then one request by ben"),
            )
            .expected("200 for ben")
    })?;
    Ok(())
}

/// Asks until there is room again, within the request limit.
async fn served_again(remote: &Remote, after: &str) -> Verdict {
    let limit = remote.process().limits().request();
    let end = Instant::now() + limit;
    loop {
        let reply = ask(remote).await?;
        if reply.status == 200 {
            return Ok(());
        }
        ensure(Instant::now() < end, || {
            reply
                .wrong("A caller who was refused is not served again.", after)
                .expected(format!("200 within {}", spoken(limit)))
        })?;
        sleep(LOOK).await;
    }
}

async fn rate(ctx: Context) -> Verdict {
    let launcher = ctx.server().env("RATE_LIMIT", RATE.to_string());
    let remote = launcher.serve_http().await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let mut replies = Vec::new();
    for _ in 0..BURST {
        replies.push(ask(&remote).await?);
    }
    let sent = format!("{BURST} requests one after the other, with RATE_LIMIT={RATE}");
    let refused: Vec<&HttpReply> = replies.iter().filter(|reply| reply.status == 429).collect();
    let Some(first) = refused.first() else {
        return Err(wrong("A caller may ask as often as they like.")
            .sent(sent)
            .expected("429 for some of them")
            .got("every request was served")
            .into());
    };
    ensure(first.header("retry-after").is_some(), || {
        first
            .wrong("The refusal does not say when to come back.", &sent)
            .expected("429 with a header Retry-After")
    })?;
    ensure(refused.len() < BURST, || {
        first
            .wrong("Not one request was served.", &sent)
            .expected("the first ones served")
    })?;
    unharmed(&ben, &sent).await?;
    served_again(&remote, &sent).await
}

/// A server that gives each caller few places, and calls all the time in the world.
fn few_places(ctx: &Context) -> Launcher {
    let long = millis(ctx.limits().scaled(FOR_LONG));
    ctx.server()
        .env("CONCURRENCY_LIMIT", PLACES.to_string())
        .env("CALL_BUDGET_MS", &long)
        .env("ATTEMPT_TIMEOUT_MS", &long)
}

fn millis(time: Duration) -> String {
    time.as_millis().to_string()
}

async fn places(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let long = u64::try_from(ctx.limits().scaled(FOR_LONG).as_millis()).unwrap_or(u64::MAX);
    let late = Fault::on("GET /projects", Effect::Latency { millis: long });
    let remote = few_places(&ctx).serve_http().await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    tracker.fault(late.times(PLACES as u64))?;
    let call = || {
        remote.message(
            "tools/call",
            json!({"name": "list_projects", "arguments": {}}),
        )
    };
    let mut lines = Vec::new();
    for _ in 0..PLACES {
        lines.push(remote.open_line(&remote.post(&call())).await?);
    }
    let limit = ctx.limits().request();
    let end = Instant::now() + limit;
    while tracker.requests("GET /projects").len() < PLACES {
        ensure(Instant::now() < end, || {
            wrong("The server does not work on two calls at once.")
                .sent("list_projects twice at the same moment, with CONCURRENCY_LIMIT=2")
                .expected(format!("both at the tracker within {}", spoken(limit)))
                .got(format!("{} there", tracker.requests("GET /projects").len()))
        })?;
        sleep(LOOK).await;
    }
    full(&remote, &ben, "two calls that wait for the tracker", lines).await
}

async fn streams(ctx: Context) -> Verdict {
    let remote = few_places(&ctx).serve_http().await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let mut lines = Vec::new();
    for _ in 0..PLACES {
        lines.push(listen(&remote, None).await?);
    }
    full(&remote, &ben, "two subscriptions", lines).await
}

/// Demands that one caller has no more room and another one has, and that there is room again once the client hangs up.
async fn full(remote: &Remote, ben: &Remote, what: &str, lines: Vec<Line>) -> Verdict {
    let sent = format!("{what}, with CONCURRENCY_LIMIT={PLACES}, and a request beside them");
    let reply = ask(remote).await?;
    ensure(reply.status == 429, || {
        reply
            .wrong("A caller may do any number of things at once.", &sent)
            .expected("status 429")
    })?;
    unharmed(ben, &sent).await?;
    drop(lines);
    served_again(remote, &format!("{what}, then the client hangs up")).await
}

/// A subscription to the list of resources, begun: its acknowledgement has come. Its name is the id of the request.
async fn listen(remote: &Remote, name: Option<String>) -> Verdict<Line> {
    let wanted = json!({"notifications": {"resourcesListChanged": true}});
    let mut message = remote.message("subscriptions/listen", wanted);
    if let Some(name) = name {
        message["id"] = json!(name);
    }
    let mut line = remote.open_line(&remote.post(&message)).await?;
    line.heard("notifications/subscriptions/acknowledged", 1)
        .await?;
    Ok(line)
}

async fn slow_reader(ctx: Context) -> Verdict {
    let remote = ctx.server().serve_http().await?;
    let ben = remote.as_caller(Caller::Ben);
    let unread = listen(&remote, Some("u".repeat(LONG_NAME))).await?;
    let mut reading = listen(&ben, None).await?;
    let sent = |stop: Stop| {
        stop.sent(format!(
            "two subscriptions, one of which is not read, and up to {CHANGES} changes"
        ))
    };
    let tracker = ctx.tracker()?;
    let change = || tracker.add_task("ATLAS", "For the subscribers", "");
    // What changes before the server has looked for the first time is not told.
    let end = Instant::now() + ctx.limits().request();
    while Instant::now() < end {
        change();
        if let Ok(told) = timeout(LOOK, reading.heard(CHANGED, 1)).await {
            told.map_err(sent)?;
            break;
        }
    }
    for told in 1..CHANGES {
        reading.heard(CHANGED, told).await.map_err(sent)?;
        change();
    }
    drop(unread);
    Ok(())
}

async fn body(ctx: Context) -> Verdict {
    let launcher = ctx.server().env("BODY_LIMIT", BODY_LIMIT.to_string());
    let remote = launcher.serve_http().await?;
    let message = remote.message("tools/list", json!({})).to_string();
    for one in bodies::that_fit(&message, BODY_LIMIT)
        .into_iter()
        .chain(bodies::too_long(&message, BODY_LIMIT))
    {
        let line = one.send(&remote).await?;
        let reply = one.reply(line, ctx.limits().request()).await?;
        judge(one.due, reply, &one.name)?;
        let after = ask(&remote).await?;
        judge(Due::Served, Some(after), "a short body after all that")?;
    }
    Ok(())
}

/// Demands the reply that is due to a body.
fn judge(due: Due, reply: Option<HttpReply>, sent: &str) -> Verdict {
    let sent = format!("tools/list with {sent}, and BODY_LIMIT={BODY_LIMIT}");
    let (right, expected) = match due {
        Due::Served => ([200, 200], "status 200"),
        Due::TooLong => ([413, 413], "status 413"),
        Due::TooSlow => ([408, 413], "status 408, or the end of the connection"),
    };
    let what = match due {
        Due::Served => "A body that is as long as it may be is refused.",
        Due::TooLong => "A body that is too long is not refused.",
        Due::TooSlow => "A body that does not come is not given up.",
    };
    match reply {
        // Hanging up on a client that says nothing is an answer, too.
        None if due == Due::TooSlow => Ok(()),
        None => Err(wrong(what)
            .sent(sent)
            .expected(expected)
            .got("the end of the connection")
            .into()),
        Some(reply) => {
            ensure(right.contains(&reply.status), || {
                reply.wrong(what, sent).expected(expected)
            })?;
            Ok(())
        }
    }
}

async fn slow_body(ctx: Context) -> Verdict {
    let remote = ctx
        .server()
        .env("BODY_LIMIT", BODY_LIMIT.to_string())
        .env("BODY_TIMEOUT_MS", millis(ctx.limits().scaled(BUDGET)))
        .env("CONCURRENCY_LIMIT", bodies::SLOW.to_string())
        .serve_http()
        .await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let message = remote.message("tools/list", json!({})).to_string();
    let slow = bodies::too_slow(&message, BODY_LIMIT);
    // All at once: each of them would be given up before its turn came.
    let mut tried = JoinSet::new();
    for (place, one) in slow.into_iter().enumerate() {
        let line = one.send(&remote).await?;
        let limit = ctx.limits().request();
        tried.spawn(async move {
            let reply = one.reply(line, limit).await;
            (place, one, reply)
        });
    }
    unharmed(&ben, "bodies that do not come").await?;
    let mut ended = tried.join_all().await;
    // The first of the table is told of, not the first that ended.
    ended.sort_by_key(|(place, ..)| *place);
    for (_, one, reply) in ended {
        let reply = reply.map_err(|stop| stop.sent(format!("tools/list with {}", one.name)))?;
        judge(one.due, reply, &one.name)?;
    }
    served_again(&remote, "bodies that do not come, all given up").await
}

async fn time(ctx: Context) -> Verdict {
    let budget = ctx.limits().scaled(BUDGET);
    let late = u64::try_from(budget.as_millis()).unwrap_or(u64::MAX) * 3;
    let tracker = ctx.tracker()?;
    tracker.fault(Fault::on("GET /projects", Effect::Latency { millis: late }))?;
    let remote = ctx
        .server()
        .env("CALL_BUDGET_MS", millis(budget))
        .env("ATTEMPT_TIMEOUT_MS", (late * 2).to_string())
        .serve_http()
        .await?;
    let sent = format!(
        "list_projects, which the tracker answers late, with CALL_BUDGET_MS={}",
        millis(budget)
    );
    let reply = remote.call("list_projects", json!({})).await?;
    reply
        .tool_error(
            "A call that takes too long goes well.",
            "result.isError = true",
        )
        .map_err(|wrong| wrong.sent(sent))?;
    // The next one does not pay for it.
    remote
        .call("list_projects", json!({}))
        .await?
        .tool_success()?;
    Ok(())
}

async fn audit(ctx: Context) -> Verdict {
    let remote = ctx
        .server()
        .env("RATE_LIMIT", RATE.to_string())
        .env("BODY_LIMIT", BODY_LIMIT.to_string())
        .serve_http()
        .await?;
    let ben = remote.for_caller(Caller::Ben).await?;
    let message = ben.message("tools/list", json!({}));
    let long = ben.post(&message).body(vec![b' '; 2 * BODY_LIMIT]);
    let mut refused = 0;
    let first = ben.send(&long).await?;
    refused += usize::from(first.status == 413);
    for _ in 0..BURST {
        refused += usize::from(ask(&ben).await?.status == 429);
    }
    let trail = trail::of(&remote).await;
    let sent =
        format!("a body that is too long and {BURST} requests by ben, with RATE_LIMIT={RATE}");
    let lines = trail
        .lines()
        .filter(|line| line.contains(Caller::Ben.name()))
        .count();
    ensure(refused > 1 && lines == refused, || {
        wrong("Not every refusal leaves one line.")
            .sent(&sent)
            .expected(format!(
                "{refused} lines with ben on standard error, one for each refusal"
            ))
            .got(format!("{lines} lines"))
    })?;
    trail::without_secrets(&trail, &[], &sent)
}
