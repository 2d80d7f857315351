//! 8.3: creating tasks, once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracker::{Effect, Fault, names};

use super::shared::{CREATE, data, requests, same, tasks, tool_error};
use crate::harness::{Check, Context, Opening, Verdict, ensure, short, spoken, wrong};

const EXERCISE: &str = "8.3";
/// How long a call may take that is tried again (× the time factor): `CALL_BUDGET_MS` without a setting, and a moment.
const TRIES: Duration = Duration::from_millis(10_500);
/// How long one may take that need not try (× the time factor).
const AT_ONCE: Duration = Duration::from_secs(2);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-09-create-limits", EXERCISE, limits)
            .says("`create_task` takes a title of 200 characters, and neither 201 of them nor a day that does not exist.")
            .why(
                "Who counts bytes refuses half of the titles of some languages. What the tracker would refuse is told \
                 before it is asked.",
                "specification of the server, AC-09",
            ),
        Check::new("ac-10-create-once", EXERCISE, once)
            .says("A creation that fails upstream is tried again with one key, and given up at once where waiting is no use.")
            .why(
                "A second attempt with another key may make a second task. Who waits longer than the client does works \
                 for nobody.",
                "specification of the server, AC-10",
            )
            .waits()
            .within(Duration::from_secs(25)),
        Check::new("ac-11-request-key", EXERCISE, request_key)
            .says("One `request_key` makes one task, in whichever process, and is refused for another one.")
            .why(
                "A client that has lost a reply cannot know whether the task was made. With a key it may ask again.",
                "specification of the server, AC-11",
            ),
    ]
}

async fn limits(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let longest = "ä".repeat(200);
    let arguments = json!({"project": names::PROJECT, "title": longest});
    let reply = server.call("create_task", arguments).await?;
    let id = data(&reply)?["id"].as_str().unwrap_or_default().to_owned();
    let title = ctx.tracker()?.task(&id).map(|task| task.title);
    ensure(title.as_ref() == Some(&longest), || {
        reply
            .wrong("The task in the tracker has another title, or does not exist.")
            .expected("the title of 200 times ä")
    })?;
    let before = tasks(&ctx)?;
    let longer = json!({"project": names::PROJECT, "title": "ä".repeat(201)});
    let reply = server.call("create_task", longer).await?;
    tool_error(&reply, "A title of 201 characters", &["title", "200"])?;
    let nowhere = json!({"project": names::PROJECT, "title": "Due", "due": "2026-02-30"});
    let reply = server.call("create_task", nowhere).await?;
    tool_error(&reply, "A day that does not exist", &["due"])?;
    let what = "A refused creation has made a task.";
    same(
        &tasks(&ctx)?,
        &before,
        what,
        "a title of 201 characters, and the day 2026-02-30",
    )
}

async fn once(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let before = tasks(&ctx)?;
    tracker.fault(Fault::on(CREATE, Effect::Status { status: 503 }).times(2))?;
    let new = json!({"project": names::EMPTY_PROJECT, "title": "Made in the end"});
    let call = server.begin_call("create_task", new.clone()).await?;
    let reply = call.within(ctx.limits().scaled(TRIES)).reply().await?;
    let id = data(&reply)?["id"].as_str().unwrap_or_default().to_owned();
    let made = tracker.task(&id).is_some() && tasks(&ctx)? == before + 1;
    ensure(made, || {
        reply
            .wrong("The result does not name the one task that was made.")
            .expected("the id of one new task")
    })?;
    let sent = "create_task, which the tracker answers twice with 503";
    requests(&ctx, CREATE, 3, sent)?;
    let keys: Vec<Option<String>> = tracker
        .requests(CREATE)
        .into_iter()
        .map(|entry| entry.idempotency_key)
        .collect();
    let one = keys[0].is_some() && keys.iter().all(|key| *key == keys[0]);
    ensure(one, || {
        wrong("The attempts do not have one key.")
            .sent(sent)
            .expected("one and the same Idempotency-Key in all three")
            .got(short::list(keys.iter().map(|key| match key {
                Some(key) => key.as_str(),
                None => "none",
            })))
    })?;

    tracker.clear_journal();
    let later = Effect::TooManyRequests { retry_after: 60 };
    tracker.fault(Fault::on(CREATE, later).times(u64::MAX))?;
    let began = Instant::now();
    let call = server.begin_call("create_task", new).await?;
    let reply = call.within(ctx.limits().scaled(TRIES)).reply().await?;
    let (took, limit) = (began.elapsed(), ctx.limits().scaled(AT_ONCE));
    tool_error(&reply, "A tracker that wants a minute", &["60"])?;
    ensure(took <= limit, || {
        reply
            .wrong("The server waits though that is no use.")
            .expected(format!("a tool error within {}", spoken(limit)))
            .got(format!("one after {}", spoken(took)))
    })?;
    requests(
        &ctx,
        CREATE,
        1,
        "create_task, which the tracker answers with Retry-After: 60",
    )
}

fn keyed(title: &str) -> Value {
    json!({"project": names::EMPTY_PROJECT, "title": title, "request_key": "nightly-0504"})
}

async fn request_key(ctx: Context) -> Verdict {
    let start = || ctx.server().start(Opening::Usual);
    let (first, second) = tokio::try_join!(start(), start())?;
    let before = tasks(&ctx)?;
    let one = data(&first.call("create_task", keyed("Nightly report")).await?)?;
    let other = data(&second.call("create_task", keyed("Nightly report")).await?)?;
    let sent = "create_task with one request_key, to each of two processes";
    same(
        &other["id"],
        &one["id"],
        "The results name two tasks.",
        sent,
    )?;
    same(
        &tasks(&ctx)?,
        &(before + 1),
        "There is not one further task.",
        sent,
    )?;
    let reply = second.call("create_task", keyed("Something else")).await?;
    tool_error(
        &reply,
        "A key that was used for another task",
        &["request_key"],
    )?;
    let what = "A refused creation has made a task.";
    same(
        &tasks(&ctx)?,
        &(before + 1),
        what,
        "the same request_key with another title",
    )
}
