//! 6.10 Two instances.

use serde_json::{Value, json};
use verdict::Era;

use crate::harness::{Check, Context, Remote, Verdict, asking, ensure, wrong};

const EXERCISE: &str = "6.10";
const SOURCE: &str = "specification 2026-07-28, basic/transports/streamable-http";
/// `STATE_KEY` of all instances of one server, and that of another server.
const STATE_KEY: &str = "state-key-of-two-instances-4f81d0c2e9";
const OTHER_KEY: &str = "state-key-of-another-server-1d6b35a70f";
/// So many times a client goes to one instance and back to the other.
const ROUNDS: usize = 3;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("instances-calls", EXERCISE, calls)
            .says("Requests of one client alternate between two instances, and one of them starts again in between.")
            .why(
                "A balancer sends a request to any instance. A session that one of them keeps in memory is unknown to \
                 the others, and to itself after a restart.",
                SOURCE,
            ),
        Check::new("instances-draft", EXERCISE, draft)
            .says("A draft that one instance has signed is submitted at another.")
            .why(
                "A key that each process makes for itself signs for that process alone. One key from the environment \
                 signs for all.",
                "specification 2026-07-28, server/tools, Stateful Tools",
            ),
        Check::new("instances-question", EXERCISE, question)
            .says("A question that one instance has asked is answered at another, after a restart of the first.")
            .why(
                "The user thinks for minutes, and the answer comes as a new request. Nothing but what the client brings \
                 along can be there for sure.",
                "specification 2026-07-28, basic/patterns/mrtr, Server Requirements",
            )
            .only(Era::Modern),
        Check::new("instances-other-key", EXERCISE, other_key)
            .says("What was signed with one key is refused by a server that has another.")
            .why(
                "A key that stands in the source is known to whoever has it, and with it anybody signs what they like.",
                "specification 2026-07-28, basic/patterns/mrtr, Server Requirements",
            ),
        Check::new("instances-legacy-question", EXERCISE, cannot_ask)
            .says("A legacy client that would have to be asked is told so, with what the user can do.")
            .why(
                "Without a session the server cannot ask in the middle of a call. An error that says no more than that \
                 leaves the user with nothing.",
                SOURCE,
            )
            .only(Era::Legacy),
    ]
}

async fn instance(ctx: &Context) -> Verdict<Remote> {
    ctx.server().env("STATE_KEY", STATE_KEY).serve_http().await
}

/// Sends a request that begins at `from` to another instance: with whatever the client has from the first one.
async fn at_other(from: &Remote, to: &Remote, tool: &str, arguments: Value) -> Verdict<Value> {
    let message = from.message("tools/call", json!({"name": tool, "arguments": arguments}));
    let request = from.post(&message).header("Host", &to.host());
    let reply = to.send(&request).await?;
    ensure(reply.status == 200, || {
        reply
            .wrong(
                "An instance refuses a client that another one knows.",
                format!("tools/call {tool} to the second instance, as the client of the first"),
            )
            .expected("200")
    })?;
    Ok(to.reply(&message, &reply)?.tool_success()?.data()?)
}

async fn calls(ctx: Context) -> Verdict {
    let (first, second) = (instance(&ctx).await?, instance(&ctx).await?);
    let new = json!({"project": "ATLAS", "title": "Made at one of two"});
    let made = first.call("create_task", new).await?;
    let id = made.tool_success()?.data()?["id"].clone();
    let elsewhere = at_other(&first, &second, "list_tasks", json!({"project": "ATLAS"})).await?;
    let tasks = elsewhere["tasks"].as_array().cloned().unwrap_or_default();
    ensure(tasks.iter().any(|task| task["id"] == id), || {
        wrong("A task of one instance is not there at the other.")
            .sent("create_task to the first instance, list_tasks to the second")
            .expected(format!("a list with {id}"))
            .got(format!("{} other tasks", tasks.len()))
    })?;
    drop(second);
    let again = instance(&ctx).await?;
    // To and fro, as a balancer does it.
    for _ in 0..ROUNDS {
        at_other(&first, &again, "list_projects", json!({})).await?;
        at_other(&first, &first, "list_projects", json!({})).await?;
    }
    Ok(())
}

async fn draft(ctx: Context) -> Verdict {
    let (first, second) = (instance(&ctx).await?, instance(&ctx).await?);
    let titles = json!({"project": "ATLAS", "titles": ["One", "Two"]});
    let drafted = first.call("draft_tasks", titles).await?;
    let handle = drafted.tool_success()?.data()?["draft"].clone();
    // The restart: the instance that has signed it is gone.
    drop(first);
    let made = second
        .call("submit_draft", json!({"draft": handle}))
        .await?;
    made.tool_success().map_err(|wrong| {
        wrong.sent(
            "draft_tasks to one instance, submit_draft to another, both with the same STATE_KEY",
        )
    })?;
    Ok(())
}

async fn question(ctx: Context) -> Verdict {
    let (first, second) = (instance(&ctx).await?, instance(&ctx).await?);
    let asked = asking::delete(&first, json!({})).await?;
    let answer = asking::yes_to(&asked)?;
    // The restart: nobody is left of those who have asked.
    drop(first);
    let sent =
        "delete_task to one instance, and the answer to another, both with the same STATE_KEY";
    let gone = asking::delete(&second, answer).await?;
    let gone = gone.tool_success().map_err(|wrong| wrong.sent(sent))?;
    let deleted = ctx.tracker()?.task(asking::TASK).is_none();
    ensure(deleted, || {
        gone.wrong("The answer is taken, and deletes nothing.")
            .sent(sent)
            .expected("the task deleted at the tracker")
    })?;
    Ok(())
}

async fn other_key(ctx: Context) -> Verdict {
    let first = instance(&ctx).await?;
    let other = ctx.server().env("STATE_KEY", OTHER_KEY);
    let other = other.serve_http().await?;
    let titles = json!({"project": "ATLAS", "titles": ["One", "Two"]});
    let drafted = first.call("draft_tasks", titles).await?;
    let handle = drafted.tool_success()?.data()?["draft"].clone();
    let made = other.call("submit_draft", json!({"draft": handle})).await?;
    let refused = made.error().is_some() || made.tool_result()?.is_error();
    ensure(
        refused && ctx.tracker()?.requests("POST /tasks").is_empty(),
        || {
            made.wrong("A server opens what was signed with a key that it does not have.")
                .sent(
                    "draft_tasks to a server with one STATE_KEY, submit_draft to one with another",
                )
                .expected("an error, and nothing made")
        },
    )?;
    Ok(())
}

async fn cannot_ask(ctx: Context) -> Verdict {
    let remote = instance(&ctx).await?;
    let reply = remote
        .call("delete_task", json!({"task": "ATLAS-1"}))
        .await?;
    let expected = "result.isError = true, with a text that says what the user can do";
    let told = reply.tool_error("A client that cannot be asked is not told so.", expected)?;
    let text = told.text();
    let deleted = ctx
        .tracker()?
        .journal()
        .iter()
        .any(|entry| entry.method == "DELETE");
    // A sentence at least: more than that nothing was done.
    ensure(!deleted && text.split_whitespace().count() >= 12, || {
        told.wrong("The error does not say how to go on.")
            .expected(expected)
    })?;
    Ok(())
}
