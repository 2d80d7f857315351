//! 4.2 Read text.

use serde_json::Value;

use super::task_uri;
use crate::harness::{Check, Context, Verdict, ensure, short};

const EXERCISE: &str = "4.2";
const READING: &str = "specification 2026-07-28, server/resources, Reading Resources";
const ERRORS: &str = "specification 2026-07-28, server/resources, Error Handling";
const PROJECT: &str = "ATLAS";

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("task-as-json", EXERCISE, task_as_json)
            .says("A task is read as JSON, under the URI that was asked for, with the media type of JSON.")
            .why(
                "The host decides by the media type what to do with a text: whether it shows it, and whether it may parse it.",
                READING,
            ),
        Check::new("board-as-markdown", EXERCISE, board_as_markdown)
            .says("A board is read as Markdown with the tasks of the project, under the URI that was asked for.")
            .why(
                "What is text/plain is shown as it is, signs and all. A host that knows Markdown makes headings and lists of it.",
                READING,
            ),
        Check::new("missing-is-refused", EXERCISE, missing_is_refused)
            .says("What is not there is refused: with -32602 in the modern era, with -32002 in the legacy one.")
            .why(
                "Empty contents look like a resource that has nothing in it, and an internal error like one to try again. \
                 The code says that this URI leads nowhere.",
                ERRORS,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

async fn task_as_json(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for id in ["ATLAS-1", "ATLAS-17", "BEACON-4"] {
        let Some(task) = ctx.tracker()?.task(id) else {
            continue;
        };
        let uri = task_uri(&task.project, id);
        let reply = server.read(&uri).await?;
        let content = reply.content_of(&uri)?;
        ensure(content.media_type() == "application/json", || {
            reply
                .wrong("The media type of a task is not that of JSON.")
                .expected("mimeType application/json")
        })?;
        let read: Option<Value> = content
            .text()
            .and_then(|text| serde_json::from_str(text).ok());
        let whole = read.is_some_and(|read| {
            let expected = [&task.id, &task.title, &task.description];
            expected.iter().all(|text| holds(&read, text))
        });
        ensure(whole, || {
            reply
                .wrong("The text is not the task as JSON.")
                .expected(format!(
                    "JSON with id, title and description of {}, as the tracker has them",
                    short::quoted(id)
                ))
        })?;
    }
    Ok(())
}

/// Whether one of the texts in a JSON value is this one.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Array(list) => list.iter().any(|inner| holds(inner, text)),
        Value::Object(fields) => fields.values().any(|inner| holds(inner, text)),
        _ => false,
    }
}

async fn board_as_markdown(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let uri = format!("tracker://projects/{PROJECT}/board");
    let reply = server.read(&uri).await?;
    reply.content_of(&uri)?;
    let contents = reply.contents()?;
    for content in &contents {
        ensure(content.media_type() == "text/markdown", || {
            reply
                .wrong("The media type of a board is not that of Markdown.")
                .expected("mimeType text/markdown")
                .got(content.spoken())
        })?;
    }
    let texts: Vec<&str> = contents
        .iter()
        .filter_map(|content| content.text())
        .collect();
    let text = texts.join("\n");
    for task in ctx.tracker()?.tasks() {
        let missing = task.project == PROJECT && !text.contains(&task.id);
        ensure(!missing, || {
            reply
                .wrong("The board does not show every task of its project.")
                .expected(format!("a text with {}", short::quoted(&task.id)))
        })?;
    }
    Ok(())
}

async fn missing_is_refused(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for (uri, what) in [
        (
            "tracker://projects/ATLAS/tasks/ATLAS-999",
            "A task that does not exist",
        ),
        (
            "tracker://projects/NOWHERE/tasks/ATLAS-1",
            "A task under a project that does not exist",
        ),
        (
            "tracker://projects/BEACON/tasks/ATLAS-1",
            "A task under the project of another one",
        ),
        (
            "tracker://projects/NOWHERE/board",
            "The board of a project that does not exist",
        ),
        (
            "tracker://projects/ATLAS/nothing",
            "An address that this server does not have",
        ),
        (
            "tracker://people/ada",
            "An address that this server does not have",
        ),
        ("weather://tomorrow", "The address of another server"),
    ] {
        let reply = server.read(uri).await?;
        let what = match reply.error() {
            Some(_) => format!("{what} is refused with another code."),
            None => format!("{what} is not refused."),
        };
        reply.expect_not_found(&what)?;
    }
    let uri = task_uri(PROJECT, "ATLAS-1");
    server.read(&uri).await?.content_of(&uri)?;
    Ok(())
}
