//! 3.4 Report progress.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::imports::{CHECK, asked, import, reply_to, sent_import, started};
use crate::harness::{
    Check, Context, Progress, Reply, Server, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "3.4";
const SOURCE: &str = "specification 2026-07-28, basic/patterns/progress";
/// How many rows an import has here.
const ROWS: u64 = 500;
/// How many of them are left for the last step.
const LAST: u64 = 10;
/// How many notifications such an import is worth.
const WORTH: RangeInclusive<usize> = 2..=20;
/// Where a server may stand that counts in percent, or in parts of one.
const ALL: [f64; 3] = [ROWS as f64, 100.0, 1.0];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("progress-told", EXERCISE, told)
            .says("An import of 500 rows sends 2 to 20 progress notifications with the token of its call; they grow up to the total, and the result comes after them.")
            .why(
                "`progress` MUST grow with each notification, the token is how the client knows whose it is, and after \
                 the result nobody listens any more. One a row is a flood, one at the end is none.",
                SOURCE,
            )
            .within(CHECK)
            .waits(),
        Check::new("progress-unasked", EXERCISE, unasked)
            .says("A call without a progress token gets its result and no progress notification.")
            .why(
                "The token is how a client asks for progress. Without one there is nobody who listens.",
                SOURCE,
            )
            .within(CHECK)
            .waits(),
    ]
}

async fn told(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.set_rows_per_second(0);
    let server = ctx.start().await?;
    // Side by side, so that their notifications could be taken for each other.
    let tokens = [json!("import-a"), json!(7)];
    let first = server
        .begin_call_told("import_tasks", import(ROWS), &tokens[0])
        .await?;
    let second = server
        .begin_call_told("import_tasks", import(ROWS), &tokens[1])
        .await?;
    if !started(&ctx, tracker, 2).await {
        reply_to(&ctx, first).await?.tool_success()?;
        reply_to(&ctx, second).await?.tool_success()?;
        return Err(wrong("`import_tasks` starts no import.")
            .sent(sent_import(ROWS))
            .expected("POST /imports to the tracker")
            .got("a result without it")
            .into());
    }
    // The server asks twice between the steps: what it finds is first new and then old. The last step is a small one.
    tracker.advance_imports(ROWS - LAST);
    asked(&ctx, tracker, 2).await;
    tracker.advance_imports(LAST);

    let replies = [reply_to(&ctx, first).await?, reply_to(&ctx, second).await?];
    // Whatever was still on its way is there before this answer is.
    server.call("list_projects", json!({})).await?;
    for (token, reply) in tokens.iter().zip(&replies) {
        reply.tool_success()?;
        judge(&server, token, reply)?;
    }
    let foreign = server
        .progress()
        .into_iter()
        .find(|told| !tokens.contains(told.token()));
    ensure(foreign.is_none(), || {
        let token = foreign.map(|told| told.token().clone()).unwrap_or_default();
        wrong("A progress notification has a token that no call gave.")
            .sent(sent_told(&tokens[1]))
            .expected("the token as it was sent, text as text and number as number")
            .got(format!("progressToken = {token}"))
    })?;
    Ok(())
}

/// A call with its token, as a person says it.
fn sent_told(token: &Value) -> String {
    format!("{}, with progressToken {token}", sent_import(ROWS))
}

/// Judges what was told about one call.
fn judge(server: &Server, token: &Value, reply: &Reply) -> Result<(), Wrong> {
    let all: Vec<Progress> = server
        .progress()
        .into_iter()
        .filter(|told| told.token() == token)
        .collect();
    let spoken = || match all.len() {
        0 => "no notification".to_owned(),
        1..=8 => format!("progress {}", short::list(all.iter().map(Progress::spoken))),
        count => format!(
            "{count} notifications, progress {}, …",
            short::list(all.iter().take(5).map(Progress::spoken))
        ),
    };
    let wrong = |what: &str, expected: &str| {
        wrong(what)
            .sent(sent_told(token))
            .expected(expected)
            .got(spoken())
    };
    ensure(WORTH.contains(&all.len()), || {
        let what = match all.len() {
            0 => "The call is not told about.",
            1 => "The call is told about only once.",
            _ => "The client is flooded with progress.",
        };
        wrong(what, "2 to 20 notifications/progress with this token")
    })?;
    let after = all.iter().filter(|told| !told.is_before(reply)).count();
    ensure(after == 0, || {
        wrong(
            "A progress notification came after the result.",
            "every notification before the result",
        )
        .got(format!("{}, {after} of them after the result", spoken()))
    })?;
    let done: Vec<f64> = all.iter().filter_map(Progress::done).collect();
    let grows = done.len() == all.len() && done.windows(2).all(|pair| pair[0] < pair[1]);
    ensure(grows, || {
        wrong(
            "The progress does not grow with each notification.",
            "numbers, each greater than the one before",
        )
    })?;
    let steady = all
        .windows(2)
        .all(|pair| pair[0].total() == pair[1].total());
    ensure(steady, || {
        wrong("The total changes.", "the same total in each notification")
    })?;
    let complete = all.last().is_some_and(|last| match last.total() {
        Some(total) => last.done() == Some(total),
        None => last.done().is_some_and(|done| ALL.contains(&done)),
    });
    ensure(complete, || {
        wrong(
            "The last notification does not say that everything is done.",
            "a last notification whose progress is the total",
        )
    })
}

async fn unasked(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server.call("import_tasks", import(1)).await?;
    reply.tool_success()?;
    // Whatever was still on its way is there before this answer is.
    server.call("list_projects", json!({})).await?;
    let told = server.progress();
    ensure(told.is_empty(), || {
        wrong("The client is told about a call for which it did not ask to be told.")
            .sent(format!("{}, without a progressToken", reply.sent()))
            .expected("the result, and no notifications/progress")
            .got(match told.first() {
                Some(first) => format!(
                    "progress {}, progressToken {}",
                    first.spoken(),
                    first.token()
                ),
                None => String::new(),
            })
    })?;
    Ok(())
}
