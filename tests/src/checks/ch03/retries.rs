//! 3.3 Time limits and retries.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tracker::{Effect, Entry, Fault, Tracker};

use crate::harness::{
    Check, Context, Opening, Reply, Server, Stop, ToolResult, Verdict, Wrong, ensure, short,
    spoken, wrong,
};

const EXERCISE: &str = "3.3";
const ROUTE: &str = "POST /tasks";
/// The default of `CALL_BUDGET_MS`, and a little for the way: a right server may wait so long before it tries again.
const BUDGET_AND_WAY: Duration = Duration::from_secs(11);
/// And the check with its calls.
const CHECK: Duration = Duration::from_secs(20);
/// How long one attempt may take where a check must see that expire.
const ATTEMPT: Duration = Duration::from_millis(100);
/// How late a late reply is: nobody waits for it.
const LATE_MILLIS: u64 = 3_000;
/// How long a whole call may take where a check must see that expire.
const BUDGET: Duration = Duration::from_millis(200);
/// How much longer than that the reply may be on its way.
const WAY: Duration = Duration::from_millis(800);
/// A fault that outlasts every server.
const LASTING: u64 = 1000;

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

/// The requests that arrived, in order.
fn attempts(tracker: &Tracker) -> Vec<Entry> {
    tracker.requests(ROUTE)
}

fn new_task() -> Value {
    json!({"project": "CEDAR", "title": "Water the plants"})
}

/// Calls the tool and waits as long as a right server may take.
async fn create(ctx: &Context, server: &Server) -> Verdict<Reply> {
    let call = server.begin_call("create_task", new_task()).await?;
    let limit = ctx.limits().scaled(BUDGET_AND_WAY);
    call.within(limit).reply().await
}

/// What was sent, with what the tracker did; the failures of this exercise are about both.
fn sent(what: &str) -> String {
    format!(
        "tools/call create_task {}, {what}",
        short::json(&new_task())
    )
}

/// Attempts as a person says them: `3 attempts, with 2 different keys`.
fn spoken_attempts(attempts: &[Entry]) -> String {
    let keys: BTreeSet<_> = attempts
        .iter()
        .map(|entry| &entry.idempotency_key)
        .collect();
    let with = match (attempts.len(), keys.len()) {
        (0, _) => return "no request POST /tasks".into(),
        _ if keys.contains(&None) => "without Idempotency-Key".into(),
        (1, _) => "with a key".into(),
        (_, 1) => "with one key".into(),
        (_, keys) => format!("with {keys} different keys"),
    };
    match attempts.len() {
        1 => format!("1 attempt, {with}"),
        count => format!("{count} attempts, {with}"),
    }
}

/// Demands so many attempts with one and the same key.
fn one_key(attempts: &[Entry], due: usize, sent: &str) -> Result<(), Wrong> {
    let keys: BTreeSet<_> = attempts
        .iter()
        .map(|entry| &entry.idempotency_key)
        .collect();
    ensure(
        attempts.len() == due && keys.len() == 1 && !keys.contains(&None),
        || {
            let what = match attempts.len() {
                fewer if fewer < due => "The server gave up too early.",
                more if more > due => "The server tried too often.",
                _ if keys.contains(&None) => "An attempt came without an idempotency key.",
                _ => "The attempts of one call did not have the same idempotency key.",
            };
            wrong(what)
                .sent(sent)
                .expected(match due {
                    1 => "1 attempt, with Idempotency-Key".into(),
                    due => format!("{due} attempts, all with the same Idempotency-Key"),
                })
                .got(spoken_attempts(attempts))
        },
    )
}

/// Demands the task that was asked for, as the only one of its kind.
fn one_task(tracker: &Tracker, result: &ToolResult<'_>, sent: &str) -> Result<(), Wrong> {
    let made = tasks(tracker);
    let id = result.string("id")?;
    ensure(made == [id.clone()], || {
        wrong("The call did not make exactly the task that it tells of.")
            .sent(sent)
            .expected(format!("one new task, {id}"))
            .got(format!("new tasks: {}", short::list(made)))
    })
}

/// The ids of the tasks that were made: the project has none at first.
fn tasks(tracker: &Tracker) -> Vec<String> {
    let all = tracker.tasks().into_iter();
    all.filter(|task| task.project == "CEDAR")
        .map(|task| task.id)
        .collect()
}

async fn keys(ctx: Context) -> Verdict {
    const CALLS: &str = "twice, and once more to another process";
    let tracker = ctx.tracker()?;
    // Both processes give their requests the same ids.
    let (first, second) = (ctx.start().await?, ctx.start().await?);
    for server in [&first, &first, &second] {
        create(&ctx, server).await?.tool_success()?;
    }
    let attempts = attempts(tracker);
    let keys: BTreeSet<_> = attempts
        .iter()
        .filter_map(|entry| entry.idempotency_key.as_ref())
        .collect();
    let made = tasks(tracker);
    ensure(
        attempts.len() == 3 && keys.len() == 3 && made.len() == 3,
        || {
            let what = match attempts.len() {
                3 if keys.len() < 3
                    && attempts.iter().all(|entry| entry.idempotency_key.is_some()) =>
                {
                    "Different calls had the same idempotency key."
                }
                3 => "A call had no idempotency key.",
                _ => "A call that went well took more than one request.",
            };
            wrong(what)
                .sent(sent(CALLS))
                .expected("3 attempts, with 3 different keys; 3 new tasks")
                .got(format!(
                    "{}; new tasks: {}",
                    spoken_attempts(&attempts),
                    made.len()
                ))
        },
    )?;
    Ok(())
}

async fn retries(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.fault(Fault::on(ROUTE, Effect::Status { status: 503 }).times(2))?;
    let server = ctx.start().await?;
    let reply = create(&ctx, &server).await?;
    let sent = sent("which the tracker answers with 503, 503, 201");
    // How often it tried explains why it failed.
    one_key(&attempts(tracker), 3, &sent)?;
    let result = reply
        .tool_success()
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    one_task(tracker, &result, &sent)?;
    Ok(())
}

async fn late_reply(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let attempt = ctx.limits().scaled(ATTEMPT);
    let millis = ctx
        .limits()
        .scaled(Duration::from_millis(LATE_MILLIS))
        .as_millis() as u64;
    tracker.fault(Fault::on(ROUTE, Effect::LateReply { millis }))?;
    let server = ctx
        .server()
        .env("ATTEMPT_TIMEOUT_MS", attempt.as_millis().to_string())
        .start(Opening::Usual)
        .await?;
    let reply = create(&ctx, &server).await?;
    let sent = sent(&format!(
        "whose first reply comes after the {} of ATTEMPT_TIMEOUT_MS",
        spoken(attempt)
    ));
    one_key(&attempts(tracker), 2, &sent)?;
    let result = reply
        .tool_success()
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    one_task(tracker, &result, &sent)?;
    Ok(())
}

async fn gives_up(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    for (effect, situation, word) in [
        (Effect::Status { status: 400 }, "400", ""),
        (
            Effect::TooManyRequests { retry_after: 60 },
            "429 and Retry-After: 60",
            "60",
        ),
    ] {
        tracker.fault(Fault::on(ROUTE, effect).times(LASTING))?;
        let call = server.begin_call("create_task", new_task()).await?;
        let sent = sent(&format!("which the tracker answers with {situation}"));
        let reply = call.reply().await.map_err(|late| match late {
            Stop::Wrong(late) => late
                .sent(sent.clone())
                .expected("an error at once")
                .note(format!(
                    "The tracker got {} by then.",
                    spoken_attempts(&attempts(tracker))
                ))
                .into(),
            fault => fault,
        })?;
        let tried = attempts(tracker);
        tracker.clear_faults();
        tracker.clear_journal();
        ensure(tried.len() == 1, || {
            wrong("The server tried again what cannot help.")
                .sent(sent.clone())
                .expected("1 attempt")
                .got(spoken_attempts(&tried))
        })?;
        let expected = match word {
            "" => "result.isError = true".to_owned(),
            seconds => format!("result.isError = true, with text naming the {seconds} seconds"),
        };
        let result = reply
            .tool_error(
                "A refusal of the tracker is not told as a tool error.",
                &expected,
            )
            .map_err(|wrong| wrong.sent(sent.clone()))?;
        ensure(word.is_empty() || has_number(&result.text(), word), || {
            result
                .wrong("The error does not say when it is worth coming back.")
                .sent(sent)
                .expected(expected)
        })?;
    }
    Ok(())
}

/// Whether the text has this number, not as a part of another one.
fn has_number(text: &str, number: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|part| part == number)
}

async fn budget(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let limits = ctx.limits();
    let (budget, limit) = (limits.scaled(BUDGET), limits.scaled(BUDGET + WAY));
    tracker.fault(Fault::on(ROUTE, Effect::Latency { millis: 60_000 }).times(LASTING))?;
    let server = ctx
        .server()
        .env("CALL_BUDGET_MS", budget.as_millis().to_string())
        // The default. On a slow machine it has to stay longer than the budget.
        .env(
            "ATTEMPT_TIMEOUT_MS",
            limits.request().as_millis().to_string(),
        )
        .start(Opening::Usual)
        .await?;
    let call = server.begin_call("create_task", new_task()).await?;
    let sent = sent(&format!(
        "with CALL_BUDGET_MS = {}, of a tracker that does not answer",
        budget.as_millis()
    ));
    let expected = format!(
        "result.isError = true, within {} and a little",
        spoken(budget)
    );
    let reply = call
        .within(limit)
        .reply()
        .await
        .map_err(|late| match late {
            Stop::Wrong(late) => late.sent(sent.clone()).expected(expected.clone()).into(),
            fault => fault,
        })?;
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
    let attempts = attempts(tracker);
    one_key(&attempts, 2, &sent)?;
    if let [first, second] = &attempts[..] {
        let pause = second.at.saturating_sub(first.at);
        ensure(pause >= PAUSE, || {
            wrong("The server came back too soon.")
                .sent(sent.clone())
                .expected("a second attempt at least 1 s after the first")
                .got(format!(
                    "a second attempt {} after the first",
                    spoken(pause)
                ))
        })?;
    }
    let result = reply
        .tool_success()
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    one_task(tracker, &result, &sent)?;
    Ok(())
}
