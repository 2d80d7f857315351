//! 3.2 Sort errors.

use serde_json::{Value, json};
use tracker::{Effect, Fault};

use super::inside::{keep_inside, unreachable};
use crate::harness::protocol::INVALID_PARAMS;
use crate::harness::{
    Check, Context, Reply, Server, ToolResult, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "3.2";
const SOURCE: &str = "specification 2026-07-28, server/tools, Error Handling";
const SECURITY: &str = "specification 2026-07-28, server/tools, Security Considerations";
/// What the tracker does not have.
const NO_TASK: &str = "ATLAS-990";
const NO_PROJECT: &str = "NOWHERE";
const NO_MEMBER: &str = "nobody";
/// A fault that lasts until it is taken back, however often a server tries.
pub(super) const LASTING: u64 = 1000;
/// Words by which a model understands that it has an old version in its hands.
const READ_AGAIN: [&str; 6] = [
    "again", "re-read", "reread", "reload", "refresh", "get_task",
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("errors-explained", EXERCISE, explained)
            .says("What the caller can put right is a tool error that names the field and what is allowed.")
            .why(
                "The tracker says which part of the request is wrong and what would be right. A model that is told \
                 so calls again with better arguments; without it, the model can only guess.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("errors-conflict", EXERCISE, conflict)
            .says("A task that somebody else changed meanwhile is left alone, and the error says to read it again.")
            .why(
                "412 means that the decision was made about a task that is no longer like that. Whoever repeats the \
                 step without looking overwrites a colleague's work.",
                "specification 2026-07-28, server/tools, Error Handling; RFC 9110, If-Match",
            ),
        Check::new("errors-keep-inside", EXERCISE, keep_inside)
            .says("When the tracker fails or refuses the server itself, the tool error holds none of its words, nor its address or the token.")
            .why(
                "What an upstream service says when it breaks is written for its operators. It names hosts and \
                 accounts, and a tool result goes to a model and into transcripts.",
                SECURITY,
            )
            .leaves_no_trace(),
        Check::new("errors-unreachable", EXERCISE, unreachable)
            .says("Without a tracker the server answers, and each call is a tool error that names TRACKER_URL, not its value.")
            .why(
                "Whoever reads the error has to find the setting. Its value is an address inside somebody's network.",
                SECURITY,
            ),
        Check::new("errors-unknown-tool", EXERCISE, unknown_tool)
            .says("A call of an unknown tool stays a protocol error, -32602.")
            .why(
                "There is no tool that could have failed: the client asked for something that is not in the list.",
                SOURCE,
            )
            .leaves_no_trace(),
    ]
}

/// Demands a tool error; `situation` says of what.
pub(super) fn tool_error<'a>(
    reply: &'a Reply,
    situation: &str,
    expected: &str,
) -> Result<ToolResult<'a>, Wrong> {
    let what = match reply.error() {
        Some(_) => format!("{situation} is answered with a protocol error."),
        None => format!("{situation} is not told as an error."),
    };
    reply.tool_error(&what, expected)
}

/// Demands a tool error whose text names all of these words.
fn naming(reply: &Reply, situation: &str, words: &[&str]) -> Result<(), Wrong> {
    let expected = match words {
        [] => "result.isError = true".to_owned(),
        words => format!(
            "result.isError = true, with text naming {}",
            short::list(words.iter().copied())
        ),
    };
    let result = tool_error(reply, situation, &expected)?;
    let text = result.text();
    ensure(words.iter().all(|word| has_word(&text, word)), || {
        result
            .wrong(format!(
                "{situation}: the error does not say what would be right."
            ))
            .expected(expected)
    })
}

/// Whether the text has this word or number, not as a part of another one.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let belongs = |letter: char| match is_number {
        // `90s` is 90, too.
        true => letter.is_ascii_digit(),
        false => letter.is_alphanumeric() || matches!(letter, '-' | '_'),
    };
    text.split(|letter| !belongs(letter))
        .any(|part| part.trim_matches('-') == word)
}

async fn explained(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let step = |task: &str, to: &str| json!({"task": task, "to": to});
    let cases: [(&str, &str, Value, &[&str]); 4] = [
        // The states that are allowed are neither those that were sent nor those that the tasks are in.
        (
            "A step that is not open",
            "transition_task",
            step("ATLAS-1", "done"),
            &["doing"],
        ),
        (
            "A step that is not open",
            "transition_task",
            step("ATLAS-3", "doing"),
            &["todo"],
        ),
        (
            "A value out of range",
            "create_task",
            task_with("points", json!(101)),
            &["points", "100"],
        ),
        (
            "An argument of the wrong type",
            "get_task",
            json!({"task": ["ATLAS-1"]}),
            &[],
        ),
    ];
    for (situation, tool, arguments, words) in cases {
        let reply = server.call(tool, arguments).await?;
        naming(&reply, situation, words)?;
    }
    names_what_exists(&ctx, &server).await?;
    busy(&ctx, &server).await
}

/// A task that could be made, but for one field.
fn task_with(field: &str, value: Value) -> Value {
    let mut arguments = json!({"project": "ATLAS", "title": "Water the plants"});
    arguments[field] = value;
    arguments
}

/// Demands that the error for what does not exist names something that does. Which of it, and how much, is open.
async fn names_what_exists(ctx: &Context, server: &Server) -> Verdict {
    let tracker = ctx.tracker()?;
    let tasks: Vec<String> = tracker.tasks().into_iter().map(|task| task.id).collect();
    let projects = tracker
        .projects()
        .into_iter()
        .map(|project| project.id)
        .collect();
    let members = tracker
        .members("ATLAS")
        .into_iter()
        .map(|member| member.id)
        .collect();
    for (what, field, tool, arguments, unknown, known) in [
        (
            "task",
            "task",
            "get_task",
            json!({"task": NO_TASK}),
            NO_TASK,
            tasks,
        ),
        (
            "project",
            "project",
            "create_task",
            task_with("project", json!(NO_PROJECT)),
            NO_PROJECT,
            projects,
        ),
        (
            "member",
            "assignee",
            "create_task",
            task_with("assignee", json!(NO_MEMBER)),
            NO_MEMBER,
            members,
        ),
    ] {
        let reply = server.call(tool, arguments).await?;
        let expected = format!(
            "result.isError = true, with text naming {field} and a {what} that exists, such as {}",
            known.first().map_or("", String::as_str)
        );
        let situation = format!("An unknown {what}");
        let result = tool_error(&reply, &situation, &expected)?;
        // What was sent may be repeated; it does not exist.
        let text = result.text().replace(unknown, "");
        let named = known.iter().any(|id| has_word(&text, id));
        ensure(named && has_word(&text.to_lowercase(), field), || {
            result
                .wrong(format!(
                    "{situation}: the error does not say what would be right."
                ))
                .expected(expected)
        })?;
    }
    Ok(())
}

async fn busy(ctx: &Context, server: &Server) -> Verdict {
    let tracker = ctx.tracker()?;
    let effect = Effect::TooManyRequests { retry_after: 90 };
    tracker.fault(Fault::on("GET /tasks/{task}", effect).times(LASTING))?;
    let reply = server.call("get_task", json!({"task": "ATLAS-1"})).await?;
    tracker.clear_faults();
    let sent = format!(
        "{}, which the tracker answers with 429 and Retry-After: 90",
        reply.sent()
    );
    naming(&reply, "A tracker that is busy", &["90"]).map_err(|wrong| wrong.sent(sent))?;
    Ok(())
}

async fn conflict(ctx: Context) -> Verdict {
    const ROUTE: &str = "POST /tasks/{task}/transitions";
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    tracker.fault(Fault::on(ROUTE, Effect::EditedMeanwhile))?;
    let reply = server
        .call("transition_task", json!({"task": "ATLAS-1", "to": "doing"}))
        .await?;
    let sent = format!("{}, while a colleague changes the task", reply.sent());
    let state = tracker.task("ATLAS-1").map(|task| task.state.name());
    let unconditional = tracker.requests(ROUTE).into_iter().find(|entry| {
        entry
            .if_match
            .as_deref()
            .is_none_or(|tag| tag.trim() == "*")
    });
    ensure(unconditional.is_none(), || {
        wrong("The step was sent without the version that it is meant for.")
            .sent(sent.clone())
            .expected("If-Match with the ETag that was read, in every request")
            .got(match unconditional.and_then(|entry| entry.if_match) {
                None => "a request without If-Match".to_owned(),
                Some(tag) => format!("a request with If-Match: {tag}"),
            })
    })?;
    let expected = "result.isError = true, with text that says to read the task again";
    let result = tool_error(&reply, "A task that has changed meanwhile", expected)
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    ensure(state == Some("todo"), || {
        wrong("The step was made all the same.")
            .sent(sent.clone())
            .expected("ATLAS-1 stays todo")
            .got(format!("ATLAS-1 is {}", state.unwrap_or("gone")))
    })?;
    let text = result.text().to_lowercase();
    ensure(READ_AGAIN.iter().any(|word| text.contains(word)), || {
        result
            .wrong("The error does not say to read the task again.")
            .sent(sent.clone())
            .expected(expected)
    })?;
    Ok(())
}

async fn unknown_tool(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server
        .call("paint_task", json!({"task": "ATLAS-1"}))
        .await?;
    reply.expect_error(
        INVALID_PARAMS,
        "An unknown tool is not refused as the specification asks for.",
    )?;
    Ok(())
}
