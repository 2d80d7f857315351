//! 8.8: two processes that serve the same clients.

use std::time::Duration;

use serde_json::json;
use tracker::{Effect, Fault, names};
use verdict::Era;

use super::shared::{
    ALL, CREATE, STATE_KEY, arrived, caller, data, not_arrived, same, serve, so_far, tasks,
    tool_error,
};
use crate::harness::{Check, Context, Proxy, Remote, Stop, Verdict, asking, ensure};

const EXERCISE: &str = "8.8";
/// A key that the two do not have.
const OTHER_KEY: &str = "another-state-key-of-this-check-abcdef01234567";
/// How late the tracker answers, in milliseconds.
const LATE: u64 = 1000;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-35-two-replicas", EXERCISE, two_replicas)
            .says("What one process has begun the other one goes on with, if it has the same key.")
            .why(
                "A balancer remembers nobody. What a process keeps for itself is missing in the other one.",
                "specification of the server, AC-35",
            ),
        Check::new("ac-36-one-killed", EXERCISE, one_killed)
            .says("When a process dies with a call in flight, the call is sent again to the other one and makes no second task.")
            .why(
                "Processes are killed in the middle of the work. Whether it was done is known upstream alone.",
                "specification of the server, AC-36",
            )
            .waits()
            .within(Duration::from_secs(20)),
    ]
}

/// Two processes behind a proxy, and ada, who knows the proxy alone.
struct Pair {
    proxy: Proxy,
    first: Remote,
    // It lives as long as the pair.
    _second: Remote,
    ada: Remote,
    resource: String,
}

impl Pair {
    async fn start(ctx: &Context) -> Verdict<Self> {
        let proxy = Proxy::start().await?;
        let resource = format!("http://{}/mcp", proxy.address());
        let start = || serve(ctx, replica(ctx, &resource, STATE_KEY));
        let (first, second) = tokio::try_join!(start(), start())?;
        proxy.add(&first);
        proxy.add(&second);
        let ada = caller(ctx, &first, &resource, "ada", ALL)?.through(&proxy);
        Ok(Self {
            proxy,
            first,
            _second: second,
            ada,
            resource,
        })
    }
}

fn replica(ctx: &Context, resource: &str, key: &str) -> crate::harness::Launcher {
    ctx.server()
        .env("STATE_KEY", key)
        .env("RESOURCE_URL", resource)
}

async fn two_replicas(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    for title in ["One", "Two"] {
        tracker.add_task(names::EMPTY_PROJECT, title, "");
    }
    let pair = Pair::start(&ctx).await?;
    let plan = json!({"project": names::EMPTY_PROJECT, "first_due": "2026-06-01"});
    let planned = data(&pair.ada.call("plan_milestones", plan).await?)?;
    let handle = json!({"plan": planned["plan"]});

    let stranger = serve(&ctx, replica(&ctx, &pair.resource, OTHER_KEY)).await?;
    let stranger = caller(&ctx, &stranger, &pair.resource, "ada", ALL)?;
    let reply = stranger.call("apply_plan", handle.clone()).await?;
    tool_error(
        &reply,
        "A plan that was signed with another key",
        &["plan_milestones"],
    )?;

    let reply = pair.ada.call("apply_plan", handle).await?;
    let applied = data(&reply)?;
    let changed = applied["changed"].as_array().map(Vec::len);
    ensure(
        changed == Some(2) && applied["conflicts"] == json!([]),
        || {
            reply
                .wrong("The plan of one process is not applied by the other.")
                .sent("plan_milestones and apply_plan through the proxy")
                .expected("2 tasks in changed, and 0 conflicts")
        },
    )?;
    // Nobody is asked in a legacy conversation over HTTP.
    if ctx.era() == Era::Legacy {
        return Ok(());
    }
    let asked = asking::delete(&pair.ada, json!({})).await?;
    let answer = asking::yes_to(&asked)?;
    let deleted = data(&asking::delete(&pair.ada, answer).await?)?;
    let sent = "delete_task and its answer through the proxy";
    let what = "The answer to the question of one process is not taken by the other.";
    same(&deleted["deleted"], &json!(asking::TASK), what, sent)?;
    let there = tracker.task(asking::TASK).is_some();
    same(&there, &false, "The tracker still has the task.", sent)
}

async fn one_killed(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let pair = Pair::start(&ctx).await?;
    let before = tasks(&ctx)?;
    // The task is made, and its reply is what gets lost.
    tracker.fault(Fault::on(CREATE, Effect::LateReply { millis: LATE }))?;
    let new = |title: &str| json!({"project": names::EMPTY_PROJECT, "title": title, "request_key": "key-of-the-killed"});
    let client = pair.ada.clone();
    let arguments = new("Made once");
    let lost = tokio::spawn(async move { client.call("create_task", arguments).await });
    if !arrived(&ctx).await? {
        let sent = "create_task through the proxy";
        return Err(not_arrived(sent, so_far(lost).await));
    }
    // The proxy begins with the first.
    pair.first.process().kill();
    pair.proxy.remove(&pair.first);
    let answered = lost.await.map_err(|error| Stop::Fault(error.to_string()))?;
    if answered.is_ok() {
        return Err(Stop::Fault(
            "the call was answered by a process that was killed".into(),
        ));
    }
    let made = data(&pair.ada.call("create_task", new("Made once")).await?)?;
    let sent = "create_task with a request_key, of which the first process dies, sent again";
    same(
        &tasks(&ctx)?,
        &(before + 1),
        "The tracker has not one further task.",
        sent,
    )?;
    let id = made["id"].as_str().unwrap_or_default();
    let title = tracker.task(id).map(|task| task.title);
    let what = "The reply does not name the task that was made.";
    same(&title, &Some("Made once".to_owned()), what, sent)?;
    let reply = pair.ada.call("create_task", new("Another one")).await?;
    tool_error(
        &reply,
        "A key that was used for another task",
        &["request_key"],
    )
}
