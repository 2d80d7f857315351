//! 6.8 Set limits.

use std::time::Duration;

use serde_json::json;
use tracker::{Effect, Fault};
use verdict::Era;

use crate::harness::{Caller, Check, Context, HttpReply, Remote, Verdict, ensure, wrong};

const EXERCISE: &str = "6.8";
const SOURCE: &str = "specification 2026-07-28, server/tools, Security Considerations: rate limits";

/// `RATE_LIMIT` in the check that goes over it, and how many requests that takes on a machine of any speed.
const RATE: usize = 5;
const BURST: usize = 40;
/// `BODY_LIMIT` in the check that goes over it.
const BODY_LIMIT: usize = 4000;
/// `CALL_BUDGET_MS` in the check that goes over it (× the time factor).
const BUDGET: Duration = Duration::from_millis(300);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("limit-rate", EXERCISE, rate)
            .says("A caller who asks too often is told to wait, and nobody else is.")
            .why(
                "Servers MUST rate limit what tools do. A limit for all callers together lets the loudest take it all.",
                SOURCE,
            ),
        Check::new("limit-body", EXERCISE, body)
            .says("A body that is too long is refused, and what fits is served.")
            .why("What a server keeps in memory for a caller must not be the caller's choice.", SOURCE),
        Check::new("limit-time", EXERCISE, time)
            .says("A call that takes too long is given up, with an answer.")
            .why(
                "A call that waits for ever holds its place for ever, and its client waits with it.",
                "specification 2026-07-28, server/tools, Security Considerations: timeouts",
            ),
    ]
}

async fn rate(ctx: Context) -> Verdict {
    let remote = ctx
        .server()
        .env("RATE_LIMIT", RATE.to_string())
        .serve_http()
        .await?;
    let ben = remote.as_caller(Caller::Ben);
    if ctx.era() == Era::Legacy {
        ben.open().await?;
    }
    let message = remote.message("tools/list", json!({}));
    let mut replies = Vec::new();
    for _ in 0..BURST {
        replies.push(remote.send(&remote.post(&message)).await?);
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
    let other = ben.send(&ben.post(&message)).await?;
    ensure(other.status == 200, || {
        other
            .wrong(
                "Another caller has to wait, too.",
                format!("{sent} by ada, then one by ben"),
            )
            .expected("200 for ben")
    })?;
    Ok(())
}

async fn body(ctx: Context) -> Verdict {
    let remote = ctx
        .server()
        .env("BODY_LIMIT", BODY_LIMIT.to_string())
        .serve_http()
        .await?;
    for length in [BODY_LIMIT, 100 * BODY_LIMIT] {
        let message = remote.message("tools/list", json!({}));
        let long = remote
            .post(&message)
            .body(padded(&message.to_string(), length));
        let reply = remote.send(&long).await?;
        let fits = length <= BODY_LIMIT;
        let due = if fits { 200 } else { 413 };
        ensure(reply.status == due, || {
            reply
                .wrong(
                    match fits {
                        true => "A body that is as long as it may be is refused.",
                        false => "A body that is too long is not refused.",
                    },
                    format!("a body of {length} bytes, with BODY_LIMIT={BODY_LIMIT}"),
                )
                .expected(format!("status {due}"))
        })?;
    }
    Ok(())
}

/// The same JSON, made longer by blanks.
fn padded(json: &str, length: usize) -> String {
    format!("{json}{}", " ".repeat(length.saturating_sub(json.len())))
}

async fn time(ctx: Context) -> Verdict {
    let budget = ctx.limits().scaled(BUDGET);
    let remote = slow_server(&ctx, budget).await?;
    let reply = remote.call("list_projects", json!({})).await?;
    let sent = format!(
        "list_projects, which the tracker answers late, with CALL_BUDGET_MS={}",
        budget.as_millis()
    );
    reply
        .tool_error(
            "A call that takes too long goes well.",
            "result.isError = true",
        )
        .map_err(|wrong| wrong.sent(sent))?;
    Ok(())
}

/// A server that would wait for the tracker far longer than a call may take.
async fn slow_server(ctx: &Context, budget: Duration) -> Verdict<Remote> {
    let millis = u64::try_from(budget.as_millis()).unwrap_or(u64::MAX);
    let late = millis.saturating_mul(3);
    ctx.tracker()?
        .fault(Fault::on("GET /projects", Effect::Latency { millis: late }))?;
    ctx.server()
        .env("CALL_BUDGET_MS", millis.to_string())
        .env("ATTEMPT_TIMEOUT_MS", late.saturating_mul(2).to_string())
        .serve_http()
        .await
}
