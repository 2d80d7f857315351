//! 8.3: plans, and applying them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use tracker::{Priority, State, Task, Tracker, names};

use super::shared::{data, ids, requests, same, tool_error};
use crate::harness::{Check, Context, Opening, Stop, Verdict, average_velocity, ensure, wrong};

const EXERCISE: &str = "8.3";
/// A project without tasks of its own.
const PROJECT: &str = names::EMPTY_PROJECT;
/// What the tracker is asked when a task is changed.
const CHANGE: &str = "PATCH /tasks/{task}";
/// How long a plan is good in the check that waits for its end (× the time factor).
const TTL: Duration = Duration::from_millis(200);
/// Clocks of two programs agree to the millisecond at best.
const LONGER: Duration = Duration::from_millis(50);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-13-plan", EXERCISE, plan)
            .says("`plan_milestones` follows the rule of the specification and changes nothing.")
            .why(
                "A plan that two servers make differently cannot be checked by a person. Planning is looking, not doing.",
                "specification of the server, AC-13",
            ),
        Check::new("ac-14-apply", EXERCISE, apply)
            .says("`apply_plan` changes what is as the plan has seen it, may be repeated, and takes only plans of this server.")
            .why(
                "Between a plan and its application people work. What they have done stays, and is told.",
                "specification of the server, AC-14",
            ),
    ]
}

/// A new task of [`PROJECT`] that looks like this.
fn add(tracker: &Tracker, title: &str, edit: impl FnOnce(&mut Task)) -> Verdict<String> {
    let id = tracker.add_task(PROJECT, title, "");
    let id = id.filter(|id| tracker.edit_task(id, edit));
    id.ok_or_else(|| Stop::Fault(format!("the tracker makes no task in {PROJECT}")))
}

/// Six open tasks and one that is done, for a project that does so many points. Each rule of the order decides once.
fn fill(tracker: &Tracker, capacity: u32) -> Verdict {
    let rows: [(Priority, Option<&str>, u32, State); 7] = [
        (
            Priority::Normal,
            Some("2026-05-20"),
            capacity - 5,
            State::Todo,
        ),
        (Priority::Low, None, 2, State::Todo),
        (Priority::High, None, 6, State::Todo),
        (Priority::Normal, None, 3, State::Doing),
        (
            Priority::Normal,
            Some("2026-05-10"),
            capacity - 3,
            State::Todo,
        ),
        (Priority::High, Some("2026-07-01"), 4, State::Todo),
        (Priority::High, None, 1, State::Done),
    ];
    for (number, (priority, due, points, state)) in rows.into_iter().enumerate() {
        add(tracker, &format!("Planned {number}"), |task| {
            task.priority = priority;
            task.due = due.map(str::to_owned);
            task.points = points;
            task.state = state;
        })?;
    }
    Ok(())
}

/// The rule: tasks and points of each milestone, and what is left.
fn by_rule(
    tracker: &Tracker,
    capacity: u32,
    count: usize,
) -> (Vec<(Vec<String>, u32)>, Vec<String>) {
    let mut open: Vec<Task> = tracker
        .tasks()
        .into_iter()
        .filter(|task| task.project == PROJECT && task.state != State::Done)
        .collect();
    let urgency = |task: &Task| match task.priority {
        Priority::High => 0,
        Priority::Normal => 1,
        Priority::Low => 2,
    };
    // Stable: what is equal stays in the order of the tracker.
    open.sort_by_key(|task| (urgency(task), task.due.is_none(), task.due.clone()));
    let mut milestones = vec![(Vec::new(), 0); count];
    let mut left = Vec::new();
    for task in open {
        let fits = milestones
            .iter_mut()
            .find(|(_, points)| points + task.points <= capacity);
        match fits {
            Some((ids, points)) => {
                ids.push(task.id);
                *points += task.points;
            }
            None => left.push(task.id),
        }
    }
    (milestones, left)
}

async fn plan(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let capacity = u32::try_from(average_velocity(tracker, PROJECT).await?).unwrap_or(u32::MAX);
    fill(tracker, capacity)?;
    tracker.clear_journal();
    let server = ctx.start().await?;
    let arguments =
        json!({"project": PROJECT, "first_due": "2026-06-01", "every_days": 14, "count": 2});
    let reply = server.call("plan_milestones", arguments).await?;
    let planned = data(&reply)?;
    let (milestones, left) = by_rule(tracker, capacity, 2);
    let days = ["2026-06-01", "2026-06-15"].into_iter();
    let right: Vec<Value> = days
        .zip(&milestones)
        .map(|(due, (tasks, points))| json!({"due": due, "points": points, "tasks": tasks}))
        .collect();
    let sent = format!("plan_milestones with two milestones of {capacity} points");
    let what = "The milestones are not those of the rule.";
    same(&planned["milestones"], &json!(right), what, &sent)?;
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    let what = "Other tasks are left than the rule leaves.";
    same(&sorted(ids(&planned["left"])), &sorted(left), what, &sent)?;
    ensure(planned["plan"].is_string(), || {
        reply
            .wrong("The result has no handle.")
            .expected("`plan`, a string")
    })?;
    let journal = tracker.journal();
    let other = journal.iter().find(|entry| entry.method != "GET");
    ensure(other.is_none(), || {
        wrong("Planning does something at the tracker.")
            .sent(&sent)
            .expected("GET requests alone")
            .got(
                other
                    .map(|entry| format!("{} {}", entry.method, entry.path))
                    .unwrap_or_default(),
            )
    })?;
    for (name, value, words) in [
        ("every_days", 0, &["every_days"][..]),
        ("count", 13, &["count", "12"]),
    ] {
        let mut arguments = json!({"project": PROJECT, "first_due": "2026-06-01"});
        arguments[name] = json!(value);
        let reply = server.call("plan_milestones", arguments).await?;
        tool_error(&reply, &format!("{name} = {value}"), words)?;
    }
    Ok(())
}

async fn apply(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let mut made = Vec::new();
    for title in ["One", "Two", "Three"] {
        made.push(add(tracker, title, |_| ())?);
    }
    let server = ctx.start().await?;
    let arguments = json!({"project": PROJECT, "first_due": "2026-06-01", "count": 1});
    let planned = data(&server.call("plan_milestones", arguments.clone()).await?)?;
    let handle = planned["plan"].as_str().unwrap_or_default().to_owned();
    tracker.edit_task(&made[1], |task| {
        task.title = "Changed by a colleague".into()
    });
    let left = tracker.task(&made[1]);

    let others = json!([made[0], made[2]]);
    let first = json!({"changed": others, "unchanged": [], "conflicts": [made[1]]});
    let again = json!({"changed": [], "unchanged": others, "conflicts": [made[1]]});
    for (right, how) in [(first, "for the first time"), (again, "once more")] {
        let applied = data(&server.call("apply_plan", json!({"plan": handle})).await?)?;
        let sent = format!("apply_plan {how}, after a colleague has changed one of three tasks");
        for list in ["changed", "unchanged", "conflicts"] {
            let what = format!("`{list}` does not name the tasks of which that is true.");
            same(&applied[list], &right[list], &what, &sent)?;
        }
    }
    let what = "The task of the colleague is not as it was left.";
    same(&tracker.task(&made[1]), &left, what, "apply_plan")?;
    let due = tracker.task(&made[0]).and_then(|task| task.due);
    let what = "A changed task has another day in the tracker.";
    same(&due, &Some("2026-06-01".into()), what, "apply_plan")?;

    tracker.clear_journal();
    let damaged = with_another_tenth(&handle);
    let reply = server.call("apply_plan", json!({"plan": damaged})).await?;
    tool_error(&reply, "A plan that was changed", &["plan_milestones"])?;
    let ttl = ctx.limits().scaled(TTL);
    let short = ctx
        .server()
        .env("HANDLE_TTL_MS", ttl.as_millis().to_string());
    let short = short.start(Opening::Usual).await?;
    let planned = data(&short.call("plan_milestones", arguments).await?)?;
    sleep(ttl + LONGER).await;
    let reply = short
        .call("apply_plan", json!({"plan": planned["plan"]}))
        .await?;
    tool_error(&reply, "A plan that is too old", &["plan_milestones"])?;
    requests(
        &ctx,
        CHANGE,
        0,
        "apply_plan with a changed plan, and with an old one",
    )
}

/// The same text with another tenth character.
fn with_another_tenth(text: &str) -> String {
    let change = |(at, letter)| match (at, letter) {
        (9, 'A') => 'B',
        (9, _) => 'A',
        (_, letter) => letter,
    };
    text.chars().enumerate().map(change).collect()
}
