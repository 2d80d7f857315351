//! 8.7: limits for each caller.

use serde_json::json;
use tokio::task::JoinSet;

use super::shared::{ALL, caller, serve};
use crate::harness::{Check, Context, HttpReply, Stop, Verdict, ensure, wrong};

const EXERCISE: &str = "8.7";
/// `RATE_LIMIT`, and how many requests go over it.
const RATE: &str = "5";
const BURST: usize = 20;
/// How often the other caller calls meanwhile.
const CALLS: usize = 3;
/// `BODY_LIMIT`, in bytes.
const BODY: usize = 20_000;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-33-limits", EXERCISE, limits)
            .says("A caller who asks too often is told when to come again, others do not notice, and long bodies are refused.")
            .why(
                "One agent in a loop must not take the server from a team. What is held in memory has an end, too.",
                "specification of the server, AC-33",
            ),
    ]
}

async fn limits(ctx: Context) -> Verdict {
    let launcher = ctx.server().env("RATE_LIMIT", RATE);
    let ada = serve(&ctx, launcher.env("BODY_LIMIT", BODY.to_string())).await?;
    let bjoern = caller(&ctx, &ada, &ada.url(), "bjoern", ALL)?;
    let mut burst = JoinSet::new();
    for _ in 0..BURST {
        let ada = ada.clone();
        burst.spawn(async move { ada.try_call("list_projects", json!({})).await });
    }
    // The other one comes when it is sure that there are too many.
    let mut replies: Vec<HttpReply> = Vec::new();
    while let Some(reply) = burst.join_next().await {
        replies.push(reply.map_err(|error| Stop::Fault(error.to_string()))??);
        if replies.last().is_some_and(|reply| reply.status != 200) {
            break;
        }
    }
    let sent = "20 requests of ada at once";
    // One of them could pass by chance where all callers share one limit, since it is filled up again all the time.
    for _ in 0..CALLS {
        let reply = bjoern.try_call("list_projects", json!({})).await?;
        ensure(reply.status == 200, || {
            reply
                .wrong(
                    "Another caller has to wait, too.",
                    format!("list_projects by bjoern, and {sent}"),
                )
                .expected("status 200")
        })?;
    }
    for reply in burst.join_all().await {
        replies.push(reply?);
    }
    let told = |reply: &HttpReply| {
        let seconds = reply
            .header("retry-after")
            .and_then(|text| text.parse::<u64>().ok());
        reply.status == 429 && seconds.is_some_and(|seconds| seconds >= 1)
    };
    let refused: Vec<&HttpReply> = replies.iter().filter(|reply| reply.status != 200).collect();
    let untold = refused.iter().find(|reply| !told(reply));
    let problem = match (untold, refused.len()) {
        (Some(reply), _) => Some(format!(
            "one with status {} and {}",
            reply.status,
            match reply.header("retry-after") {
                Some(text) => format!("Retry-After: {text}"),
                None => "no Retry-After".to_owned(),
            }
        )),
        (None, 0) => Some("status 200 for each of them".to_owned()),
        (None, BURST) => Some("none with status 200".to_owned()),
        (None, _) => None,
    };
    if let Some(problem) = problem {
        return Err(wrong("Who asks too often is not told so.")
            .sent(format!("{sent}, with RATE_LIMIT={RATE}"))
            .expected("some with status 200, the others with 429 and a Retry-After of at least 1")
            .got(problem)
            .into());
    }

    let message = bjoern.message("tools/list", json!({})).to_string();
    let padded = format!("{message:<width$}", width = BODY + 1);
    let request = bjoern
        .post(&bjoern.message("tools/list", json!({})))
        .body(padded);
    let reply = bjoern.send(&request).await?;
    ensure(reply.status == 413, || {
        reply
            .wrong(
                "A body that is too long is served.",
                format!("20,001 bytes, with BODY_LIMIT={BODY}"),
            )
            .expected("status 413")
    })?;
    Ok(())
}
