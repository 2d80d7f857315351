//! 8.2: finding tasks, reading them, and what is said when that fails.

use serde_json::{Value, json};
use tracker::{Effect, Fault, INTERNAL_DETAIL, State, names};

use super::shared::{data, ids, same, tool_error};
use crate::harness::{Check, Context, Opening, TRACKER_TOKEN, Verdict, ensure, wrong};

const EXERCISE: &str = "8.2";
const PROJECT: &str = names::PROJECT;
/// `RESULT_LIMIT` in the check that looks at it.
const LIMIT: usize = 8000;
/// More parts than this are taken for a text without an end. The specification names no smallest part.
const PARTS: usize = 1000;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-06-search", EXERCISE, search)
            .says("`search_tasks` gives every task that fits once, page by page, and refuses what it does not know.")
            .why(
                "A model that misses a task on page two plans without it. A filter that is ignored finds too much, and \
                 nobody sees it.",
                "specification of the server, AC-06",
            ),
        Check::new("ac-07-errors", EXERCISE, errors)
            .says("A fault of the tracker is told without its details, and an unknown id with ids that exist.")
            .why(
                "Inner addresses and messages help attackers and no model. Ids that exist let it correct itself.",
                "specification of the server, AC-07",
            ),
        Check::new("ac-08-result-limit", EXERCISE, result_limit)
            .says("No result is larger than `RESULT_LIMIT`, and the parts of a long description make the whole.")
            .why(
                "A result that fills the context leaves no room for the work. One that is cut without a way on is lost.",
                "specification of the server, AC-08",
            ),
    ]
}

async fn search(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tasks = ctx.tracker()?.tasks();
    let fits = tasks
        .iter()
        .filter(|task| task.project == PROJECT && task.state == State::Todo);
    let right: Vec<String> = fits.map(|task| task.id.clone()).collect();
    let (mut found, mut cursor) = (Vec::new(), Value::Null);
    let sent = "search_tasks for ATLAS and todo, 4 at a time, page by page";
    for _ in 0..=right.len() {
        let mut arguments = json!({"filter": {"project": PROJECT, "state": "todo"}, "limit": 4});
        if !cursor.is_null() {
            arguments["cursor"] = cursor;
        }
        let reply = server.call("search_tasks", arguments).await?;
        let page = data(&reply)?;
        let count = ids(&page["tasks"]).len();
        ensure(count <= 4, || {
            reply
                .wrong("A page is longer than `limit`.")
                .expected("4 tasks at most")
        })?;
        found.extend(ids(&page["tasks"]));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    same(
        &found,
        &right,
        "The pages do not hold the tasks of the tracker, each once.",
        sent,
    )?;
    let reply = server
        .call("search_tasks", json!({"filter": {"colour": "red"}}))
        .await?;
    tool_error(&reply, "A field that a filter does not have", &["colour"])?;
    let reply = server.call("search_tasks", json!({"limit": 101})).await?;
    tool_error(&reply, "A limit of 101", &["limit", "100"])
}

async fn errors(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    tracker.fault(Fault::on(
        "GET /tasks/{task}",
        Effect::Status { status: 500 },
    ))?;
    let reply = server.call("get_task", json!({"task": "ATLAS-1"})).await?;
    tool_error(&reply, "A call that the tracker answers with 500", &[])?;
    let text = reply.tool_result()?.text();
    let url = tracker.url();
    for secret in [INTERNAL_DETAIL, &url, TRACKER_TOKEN] {
        ensure(!text.contains(secret), || {
            reply
                .wrong("The tool error shows what is inside.")
                .expected("a text without the body of the tracker, its address and the token")
        })?;
    }
    let reply = server
        .call("get_task", json!({"task": "ATLAS-999"}))
        .await?;
    tool_error(&reply, "A task that does not exist", &[])?;
    let text = reply.tool_result()?.texts().join("\n");
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .collect();
    let tasks = tracker.tasks();
    let mut own = tasks.iter().filter(|task| task.project == PROJECT);
    ensure(own.any(|task| words.contains(&task.id.as_str())), || {
        reply
            .wrong("The tool error names no task that exists.")
            .expected("a text with the id of a task of ATLAS")
    })?;
    Ok(())
}

async fn result_limit(ctx: Context) -> Verdict {
    let server = ctx.server().env("RESULT_LIMIT", LIMIT.to_string());
    let server = server.start(Opening::Usual).await?;
    let huge = ctx.tracker()?.task(names::HUGE_TASK);
    let whole = huge.map(|task| task.description).unwrap_or_default();
    let (mut text, mut from) = (String::new(), 0);
    for _ in 0..PARTS {
        let reply = server
            .call("get_task", json!({"task": names::HUGE_TASK, "from": from}))
            .await?;
        let part = data(&reply)?;
        let size = reply.result()?.to_string().len();
        ensure(size <= LIMIT, || {
            reply
                .wrong("A result is larger than `RESULT_LIMIT`.")
                .expected(format!("{LIMIT} bytes at most"))
                .got(format!("{size} bytes"))
        })?;
        text += part["description"].as_str().unwrap_or_default();
        let total = part["total_bytes"].as_u64();
        ensure(total == Some(whole.len() as u64), || {
            reply
                .wrong("The result does not say how long the whole is.")
                .expected(format!("total_bytes = {}", whole.len()))
        })?;
        match part["next_from"].as_u64() {
            Some(next) => from = next,
            None => break,
        }
    }
    ensure(text == whole, || {
        wrong("The parts of the description do not make the whole.")
            .sent("get_task of BEACON-3, and again with each next_from")
            .expected(format!("the {} bytes of the tracker", whole.len()))
            .got(format!("{} bytes, or other ones", text.len()))
    })?;
    let beyond = json!({"task": names::HUGE_TASK, "from": 200_001});
    let reply = server.call("get_task", beyond).await?;
    tool_error(&reply, "A place behind the end", &["from"])
}
