//! 3.3 Time limits and retries.

use std::time::Duration;

use serde_json::json;
use tracker::{Effect, Fault};

use super::attempts::{Attempts, ROUTE, made, new_task, sent};
use super::errors::has_word;
use crate::harness::{
    Check, Context, Opening, Reply, Server, Stop, Verdict, ensure, short, spoken, wrong,
};

const EXERCISE: &str = "3.3";
/// The default of `CALL_BUDGET_MS`, and a little for the way: a right server may wait so long before it tries again.
const BUDGET_AND_WAY: Duration = Duration::from_secs(11);
/// And the check with its calls.
const CHECK: Duration = Duration::from_secs(20);
/// How long one attempt may take where a check must see that expire.
const ATTEMPT: Duration = Duration::from_millis(150);
/// How much later than that a late reply comes: long before the default budget of a call is over.
const LATE: Duration = Duration::from_secs(2);
/// How long a whole call may take where a check must see that expire.
const BUDGET: Duration = Duration::from_millis(150);
/// How much longer than that the reply may be on its way.
const WAY: Duration = Duration::from_millis(1300);
/// A fault that lasts, however often a server tries.
const LASTING: u64 = 1000;
/// What it means that there were too few attempts.
const GAVE_UP: &str = "The server gave up too early.";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("create-keys", EXERCISE, keys)
            .says("Each call of `create_task` has an idempotency key of its own, and makes its own task with one request.")
            .why(
                "Two equal calls are two tasks: only the server knows where a call ends and an attempt begins. Ids of \
                 requests begin anew in every process, and a hash of the arguments is the same for both.",
                "specification 2026-07-28, server/tools, Error Handling; draft-ietf-httpapi-idempotency-key-header",
            ),
        Check::new("create-retries", EXERCISE, retries)
            .says("After 503 and 503 the third attempt makes the task, with the key of the first.")
            .why(
                "A failure that passes is no reason to fail the call. The key tells the tracker that it is the same \
                 task, whatever became of the attempts before.",
                "specification 2026-07-28, server/tools, Error Handling; RFC 9110, 503 Service Unavailable",
            )
            .within(CHECK)
            .waits(),
        Check::new("create-late-reply", EXERCISE, late_reply)
            .says("A reply that does not come in time is tried again with the same key, and there is one task.")
            .why(
                "No reply does not mean that nothing was done. Without the key the second attempt makes a second task.",
                "specification 2026-07-28, server/tools, Error Handling; RFC 9110, Idempotent Methods",
            )
            .within(CHECK)
            .waits(),
        Check::new("create-gives-up", EXERCISE, gives_up)
            .says("What the tracker refuses for good, or for a minute, is told at once and not tried again.")
            .why(
                "The same request gets the same 400 again. And a caller who waits longer than the call may take has \
                 long gone: say how many seconds it is, and let the model decide.",
                "specification 2026-07-28, server/tools, Error Handling; RFC 9110, Retry-After",
            ),
        Check::new("create-budget", EXERCISE, budget)
            .says("A call ends with a tool error within CALL_BUDGET_MS, whatever the tracker does.")
            .why(
                "Clients wait for a reply for some time and then give up. A server that answers too late has worked \
                 for nobody.",
                "specification 2026-07-28, basic/index, Responses",
            )
            .waits(),
        Check::new("create-retry-after", EXERCISE, retry_after)
            .says("After 429 with Retry-After: 1 the next attempt comes no sooner than a second later.")
            .why(
                "The tracker says when it is worth coming back. Whoever comes sooner makes its trouble worse.",
                "specification 2026-07-28, server/tools, Error Handling; RFC 9110, Retry-After",
            )
            .within(CHECK)
            .slow(),
    ]
}

async fn keys(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    // Both processes give their requests the same ids.
    let (first, second) = (ctx.start().await?, ctx.start().await?);
    for server in [&first, &first, &second] {
        create(&ctx, server).await?.tool_success()?;
    }
    let (attempts, made) = (Attempts::at(tracker), made(tracker));
    let right = attempts.count() == 3 && attempts.different_keys() == 3 && made.len() == 3;
    ensure(right, || {
        let what = match attempts.count() {
            3 if attempts.all_have_keys() => "Different calls had the same idempotency key.",
            3 => "A call had no idempotency key.",
            _ => "A call that went well did not take one request.",
        };
        wrong(what)
            .sent(sent("twice, and once more to another process"))
            .expected("3 attempts with 3 different keys, and 3 new tasks")
            .got(format!(
                "{}, new tasks: {}",
                attempts.spoken(),
                short::list(made)
            ))
    })?;
    Ok(())
}

async fn retries(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.fault(Fault::on(ROUTE, Effect::Status { status: 503 }).times(2))?;
    let server = ctx.start().await?;
    let reply = create(&ctx, &server).await?;
    let sent = sent("which the tracker answers with 503, 503, 201");
    Attempts::at(tracker).made_one_task(3..=3, GAVE_UP, tracker, &reply, &sent)
}

async fn late_reply(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let attempt = ctx.limits().scaled(ATTEMPT);
    let late = Effect::LateReply {
        millis: millis(attempt + LATE),
    };
    tracker.fault(Fault::on(ROUTE, late))?;
    let server = ctx
        .server()
        .env("ATTEMPT_TIMEOUT_MS", millis(attempt).to_string())
        .start(Opening::Usual)
        .await?;
    let reply = create(&ctx, &server).await?;
    let sent = sent(&format!(
        "which makes the task, with a first reply later than the {} of ATTEMPT_TIMEOUT_MS",
        spoken(attempt)
    ));
    let too_few = match reply.tool_success() {
        Ok(_) => "The server waited for a reply that came too late.",
        Err(_) => GAVE_UP,
    };
    // On a slow machine the second attempt may take too long as well.
    Attempts::at(tracker).made_one_task(2..=usize::MAX, too_few, tracker, &reply, &sent)
}

async fn gives_up(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    refused_at_once(&ctx, &server, Effect::Status { status: 400 }, "400", None).await?;
    let busy = Effect::TooManyRequests { retry_after: 60 };
    refused_at_once(&ctx, &server, busy, "429 and Retry-After: 60", Some("60")).await
}

/// Demands a tool error after one attempt, without a wait; with `seconds`, one that names this number.
async fn refused_at_once(
    ctx: &Context,
    server: &Server,
    effect: Effect,
    answer: &str,
    seconds: Option<&str>,
) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.clear_journal();
    tracker.fault(Fault::on(ROUTE, effect).times(LASTING))?;
    let reply = server.call("create_task", new_task()).await;
    tracker.clear_faults();
    let attempts = Attempts::at(tracker);
    let sent = sent(&format!("which the tracker answers with {answer}"));
    let expected = match seconds {
        None => "1 attempt, then result.isError = true".to_owned(),
        Some(seconds) => {
            format!("1 attempt, then result.isError = true, with text naming the {seconds} seconds")
        }
    };
    ensure(attempts.count() <= 1, || {
        wrong("The server tried again what cannot help.")
            .sent(sent.clone())
            .expected(expected.clone())
            .got(attempts.spoken())
    })?;
    let reply = reply.map_err(|late| too_late(late, &sent, &expected))?;
    let result = reply
        .tool_error(
            "A refusal of the tracker is not told as a tool error.",
            &expected,
        )
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    let named = seconds.is_none_or(|seconds| has_word(&result.text(), seconds));
    ensure(named, || {
        result
            .wrong("The error does not say when it is worth coming back.")
            .sent(sent)
            .expected(expected)
    })?;
    Ok(())
}

/// What the failure for a missing reply says in this exercise.
fn too_late(late: Stop, sent: &str, expected: &str) -> Stop {
    match late {
        Stop::Wrong(late) => late.sent(sent).expected(expected).into(),
        fault => fault,
    }
}

async fn budget(ctx: Context) -> Verdict {
    let (tracker, limits) = (ctx.tracker()?, ctx.limits());
    let budget = limits.scaled(BUDGET);
    tracker.fault(
        Fault::on(
            ROUTE,
            Effect::Latency {
                millis: millis(CHECK),
            },
        )
        .times(LASTING),
    )?;
    let server = ctx
        .server()
        .env("CALL_BUDGET_MS", millis(budget).to_string())
        // The default, which on a slow machine has to stay longer than the budget.
        .env("ATTEMPT_TIMEOUT_MS", millis(limits.request()).to_string())
        .start(Opening::Usual)
        .await?;
    // The time until the process runs is not the call's.
    server.call("list_projects", json!({})).await?;
    let call = server.begin_call("create_task", new_task()).await?;
    let reply = call.within(limits.scaled(BUDGET + WAY)).reply().await;
    let sent = sent(&format!(
        "with a CALL_BUDGET_MS of {}, of a tracker that does not answer",
        spoken(budget)
    ));
    let expected = format!(
        "result.isError = true, after {} and a little",
        spoken(budget)
    );
    let reply = reply.map_err(|late| too_late(late, &sent, &expected))?;
    reply
        .tool_error(
            "A tracker that does not answer is not told as a tool error.",
            &expected,
        )
        .map_err(|wrong| wrong.sent(sent))?;
    Ok(())
}

async fn retry_after(ctx: Context) -> Verdict {
    const PAUSE: Duration = Duration::from_secs(1);
    let tracker = ctx.tracker()?;
    tracker.fault(Fault::on(ROUTE, Effect::TooManyRequests { retry_after: 1 }))?;
    let server = ctx.start().await?;
    let reply = create(&ctx, &server).await?;
    let sent = sent("which the tracker answers with 429 and Retry-After: 1, then with 201");
    let attempts = Attempts::at(tracker);
    if let [first, second, ..] = attempts.at[..] {
        let pause = second.saturating_sub(first);
        ensure(pause >= PAUSE, || {
            wrong("The server came back too soon.")
                .sent(sent.clone())
                .expected("a second attempt 1 s after the first, or later")
                .got(format!(
                    "a second attempt {} after the first",
                    spoken(pause)
                ))
        })?;
    }
    attempts.made_one_task(2..=2, GAVE_UP, tracker, &reply, &sent)
}

/// Calls the tool and waits as long as a right server may take.
async fn create(ctx: &Context, server: &Server) -> Verdict<Reply> {
    let call = server.begin_call("create_task", new_task()).await?;
    let limit = ctx.limits().scaled(BUDGET_AND_WAY);
    call.within(limit).reply().await
}

/// As a variable or a fault has it.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
