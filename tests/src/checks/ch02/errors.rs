//! 2.6 Fail so that a model can recover.

use std::collections::BTreeSet;

use serde_json::json;

use super::board::tasks;
use crate::harness::protocol::INVALID_PARAMS;
use crate::harness::{Check, Context, Server, Verdict, ensure, short, wrong};

const EXERCISE: &str = "2.6";
const SOURCE: &str = "specification 2026-07-28, server/tools, Error Handling";
const WHY: &str = "What the model can put right comes as a result with `isError`, which the model reads; a protocol \
    error goes to the client program. With the allowed values in the text, the next call can be right.";
/// A task that is on no board.
const NO_TASK: &str = "ATLAS-990";
const STATES: [&str; 3] = ["todo", "doing", "done"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("unknown-id", EXERCISE, unknown_id)
            .says("`move_task` with an unknown id is a tool error that names ids that exist.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("illegal-step", EXERCISE, illegal_step)
            .says("A step that is not allowed is a tool error that names the states that are, and changes nothing.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("legal-step", EXERCISE, legal_step)
            .says("A step that is allowed moves the task.")
            .why("Refusing is for what is wrong.", "specification 2026-07-28, server/tools, Calling Tools"),
        Check::new("unknown-tool", EXERCISE, unknown_tool)
            .says("A call of an unknown tool stays a protocol error, -32602.")
            .why(
                "There is no tool that could have failed: the client asked for something that is not in the list.",
                SOURCE,
            )
            .leaves_no_trace(),
    ]
}

async fn unknown_id(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let mut known: Vec<String> = Vec::new();
    for project in ["ATLAS", "BEACON"] {
        known.extend(tasks(&server, project).await?.into_keys());
    }
    let reply = server
        .call("move_task", json!({"id": NO_TASK, "to": "doing"}))
        .await?;
    let expected = "result.isError = true, with text naming ids that exist, such as ATLAS-1";
    let what = match reply.error() {
        Some(_) => "The refusal of an unknown id is a protocol error.",
        None => "A call with an unknown id did not end with a tool error.",
    };
    let result = reply.tool_error(what, expected)?;
    // What was sent may be repeated; it is no id that exists.
    let text = result.text().replace(NO_TASK, "");
    ensure(known.iter().any(|id| text.contains(id.as_str())), || {
        result
            .wrong("The error names no id that exists.")
            .expected(expected)
    })?;
    Ok(())
}

async fn illegal_step(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    // Each is seeded in the first state, cannot go to the second, and can go to the others.
    for (id, from, to, allowed) in [
        ("ATLAS-1", "todo", "done", &["doing"][..]),
        ("ATLAS-3", "done", "doing", &["todo"]),
        ("ATLAS-2", "doing", "doing", &["todo", "done"]),
    ] {
        let reply = server
            .call("move_task", json!({"id": id, "to": to}))
            .await?;
        let expected = format!(
            "result.isError = true, with text naming {}, where a task that is {from} can go",
            short::list(allowed.iter().copied())
        );
        let what = match reply.error() {
            Some(_) => format!("The refusal of a step from {from} to {to} is a protocol error."),
            None => format!("A step from {from} to {to} did not end with a tool error."),
        };
        let result = reply.tool_error(&what, &expected)?;
        let text = result.text();
        ensure(names(&text, allowed), || {
            result
                .wrong("The error does not say where the task can go.")
                .expected(expected)
        })?;
        let state = state_of(&server, id).await?;
        ensure(state == from, || {
            wrong("The step was refused, and made all the same.")
                .sent(reply.sent())
                .expected(format!("{id} stays {from}"))
                .got(format!("{id} is {state}"))
        })?;
    }
    Ok(())
}

/// Whether a text names these states, beside any list that holds all states there are: it is true of every task.
fn names(text: &str, states: &[&str]) -> bool {
    let lists = lists_of_states(text);
    let says_all = |list: &BTreeSet<&str>| list.len() == STATES.len();
    if !lists.iter().any(says_all) {
        return states.iter().all(|state| text.contains(state));
    }
    let named: BTreeSet<&str> = lists
        .into_iter()
        .filter(|list| !says_all(list))
        .flatten()
        .collect();
    states.iter().all(|state| named.contains(state))
}

/// The states that stand in a row, with nothing between them but what separates the items of a list.
fn lists_of_states(text: &str) -> Vec<BTreeSet<&str>> {
    let mut lists: Vec<BTreeSet<&str>> = Vec::new();
    let mut goes_on = false;
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        // `todo -> doing` and `todo: doing` are no lists.
        goes_on &= !rest[..start].contains(['>', '→', '⇒', ':', '=']);
        let word = &rest[start..];
        let end = word.find(|letter: char| !letter.is_alphanumeric());
        let (word, after) = word.split_at(end.unwrap_or(word.len()));
        rest = after;
        if STATES.contains(&word) {
            match lists.last_mut().filter(|_| goes_on) {
                Some(list) => list.insert(word),
                None => {
                    lists.push(BTreeSet::from([word]));
                    true
                }
            };
            goes_on = true;
        } else if !["and", "or"].contains(&word) {
            goes_on = false;
        }
    }
    lists
}

/// The state of a task of ATLAS, as `list_tasks` tells it.
async fn state_of(server: &Server, id: &str) -> Verdict<String> {
    let task = tasks(server, "ATLAS").await?.remove(id);
    let state = task.as_ref().and_then(|task| task["state"].as_str());
    Ok(state.unwrap_or("no longer listed").to_owned())
}

async fn legal_step(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server
        .call("move_task", json!({"id": "ATLAS-1", "to": "doing"}))
        .await?;
    reply.tool_success()?;
    let state = state_of(&server, "ATLAS-1").await?;
    ensure(state == "doing", || {
        wrong("The task was not moved.")
            .sent(reply.sent())
            .expected("ATLAS-1 is doing in `list_tasks`")
            .got(format!("ATLAS-1 is {state}"))
    })?;
    Ok(())
}

async fn unknown_tool(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server.call("paint_task", json!({"id": "ATLAS-1"})).await?;
    reply.expect_error(
        INVALID_PARAMS,
        "An unknown tool is not refused as the specification asks for.",
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_all_states_says_nothing_of_one_task() {
        for text in [
            "to must be one of: todo, doing, done",
            "The task is todo; allowed values are `todo`, `doing` or `done`.",
            r#"{"error":"no such step","allowed":["todo","doing","done"]}"#,
            "todo|doing|done",
            "unknown state, known are done / doing / todo",
        ] {
            assert!(!names(text, &["doing"]), "{text}");
        }
    }

    #[test]
    fn whatever_says_where_the_task_can_go_is_right() {
        for text in [
            "ATLAS-1 is todo and cannot become done. It can become: doing",
            "todo -> done is no step; todo -> doing, doing -> done, done -> todo are",
            r#"{"from":"todo","to":"done","allowed":["doing"]}"#,
            "states are todo, doing, done; from todo it can only go to doing",
            "not from todo to done (doing?)",
            r#"{"todo":["doing"],"doing":["todo","done"],"done":["todo"]}"#,
        ] {
            assert!(names(text, &["doing"]), "{text}");
        }
    }
}
