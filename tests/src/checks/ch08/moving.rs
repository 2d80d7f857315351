//! 8.3: moving tasks that may have changed.

use serde_json::json;
use tracker::{State, names};

use super::shared::{data, same, tool_error};
use crate::harness::{Check, Context, Stop, Verdict, ensure};

const EXERCISE: &str = "8.3";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-12-transition", EXERCISE, transition)
            .says("`transition_task` moves the version that the caller has seen, by steps that the tracker has.")
            .why(
                "Between reading and deciding somebody else may have decided. Only the version tells.",
                "specification of the server, AC-12",
            ),
    ]
}

async fn transition(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let all = tracker.tasks();
    let mut todo = all
        .iter()
        .filter(|task| task.project == names::PROJECT && task.state == State::Todo);
    let (Some(seen), Some(other)) = (todo.next(), todo.next()) else {
        return Err(Stop::Fault("ATLAS has no two tasks in todo".into()));
    };
    let state = |id: &str| match tracker.task(id).map(|task| task.state) {
        None => "no task",
        Some(State::Todo) => "todo",
        Some(State::Doing) => "doing",
        Some(State::Done) => "done",
    };

    let read = data(&server.call("get_task", json!({"task": seen.id})).await?)?;
    let etag = read["etag"].clone();
    let arguments = json!({"task": seen.id, "to": "doing", "etag": etag});
    let reply = server.call("transition_task", arguments).await?;
    let moved = data(&reply)?;
    let is_new = moved["etag"].is_string() && moved["etag"] != etag;
    ensure(moved["state"] == "doing" && is_new, || {
        reply
            .wrong("The result does not tell the new version.")
            .expected("state = doing, and another etag")
    })?;
    let sent = "transition_task to doing, with the etag of get_task";
    same(
        &state(&seen.id),
        &"doing",
        "The task is in another state in the tracker.",
        sent,
    )?;

    let back = json!({"task": seen.id, "to": "todo", "etag": etag});
    let reply = server.call("transition_task", back).await?;
    tool_error(
        &reply,
        "A version that is no longer the current one",
        &["get_task"],
    )?;
    let jump = json!({"task": other.id, "to": "done"});
    let reply = server.call("transition_task", jump).await?;
    tool_error(&reply, "A step from todo to done", &["doing"])?;
    let what = "A refused step has moved a task.";
    same(
        &state(&seen.id),
        &"doing",
        what,
        "transition_task with the old etag",
    )?;
    same(
        &state(&other.id),
        &"todo",
        what,
        "transition_task from todo to done",
    )
}
