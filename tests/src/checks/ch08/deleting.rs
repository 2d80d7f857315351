//! 8.4: deleting, with the user's word.

use serde_json::{Value, json};
use verdict::Era;

use super::shared::{data, requests, same, serve, tool_error};
use crate::harness::protocol::{Client, MISSING_CAPABILITY};
use crate::harness::{
    Answer, Asked, Check, Context, Opening, Question, Reply, Server, Verdict, ensure,
};

const EXERCISE: &str = "8.4";
/// What the tracker is asked when a task is deleted.
const DELETE: &str = "DELETE /tasks/{task}";
/// The task that goes, and one that stays.
const TASK: &str = "ATLAS-5";
const OTHER: &str = "ATLAS-6";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-18-delete-modern", EXERCISE, modern)
            .says("`delete_task` asks by `input_required` and deletes on yes alone; the state of another question deletes nothing.")
            .why(
                "What is deleted does not come back. The state travels through the client, so it is bound to its task.",
                "specification of the server, AC-18",
            )
            .only(Era::Modern),
        Check::new("ac-19-delete-legacy", EXERCISE, legacy)
            .says("A legacy client over stdio is asked by `elicitation/create`; who cannot be asked gets a tool error.")
            .why(
                "A no is an answer, not a failure. Where nobody can be asked, nothing may be deleted.",
                "specification of the server, AC-19",
            )
            .only(Era::Legacy),
    ]
}

/// A server that is called by a client which shows forms.
async fn asking(ctx: &Context) -> Verdict<Server> {
    let client = Client::able_to(json!({"elicitation": {}}));
    ctx.server().client(client).start(Opening::Usual).await
}

fn arguments(task: &str) -> Value {
    json!({"task": task})
}

/// Calls `delete_task` and demands the question of the specification.
async fn question<'a>(ctx: &Context, server: &'a Server, task: &str) -> Verdict<Question<'a>> {
    let asked = server.call_asking("delete_task", arguments(task)).await?;
    let question = asked.question("`delete_task` does not ask the user.")?;
    let form = question.form();
    let message = form["message"].as_str().unwrap_or_default();
    let title = ctx.tracker()?.task(task).map(|task| task.title);
    let names_it = message.contains(task) && message.contains(&title.unwrap_or_default());
    let fields = form["requestedSchema"]["properties"].as_object();
    let sure =
        fields.is_some_and(|fields| fields.len() == 1 && fields["sure"]["type"] == "boolean");
    ensure(names_it && sure, || {
        question
            .wrong("The question is another one than that of the specification.")
            .expected("id and title of the task, and one boolean field `sure`")
    })?;
    Ok(question)
}

/// The reply in place of a question.
fn answered(asked: Asked<'_>, sent: &str) -> Verdict<Reply> {
    match asked {
        Asked::Reply(reply) => Ok(reply),
        Asked::Question(again) => Err(again
            .wrong("The server goes on asking.")
            .sent(sent)
            .expected("the result of the call")
            .into()),
    }
}

async fn modern(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = asking(&ctx).await?;
    let open = question(&ctx, &server, TASK).await?;
    let responses = open.responses(Answer::Yes)?;
    ensure(
        responses.get("confirm").is_some() && open.state().is_some(),
        || {
            open.wrong("The question does not come as the specification says.")
                .expected("an input request called `confirm`, and requestState")
        },
    )?;

    let unsure = question(&ctx, &server, TASK).await?;
    let sent = "delete_task, and accept with sure: false";
    let kept = data(&answered(unsure.answer(Answer::No).await?, sent)?)?;
    let what = "The result does not say what is kept.";
    same(&kept["kept"], &json!(TASK), what, sent)?;
    requests(&ctx, DELETE, 0, sent)?;

    let mut stolen = open.retry(open.state(), Some(responses));
    stolen["arguments"] = arguments(OTHER);
    server.ask_with(stolen).await?;
    requests(
        &ctx,
        DELETE,
        0,
        "delete_task with the requestState of another task",
    )?;

    let sent = "delete_task, and accept with sure: true";
    let reply = answered(open.answer(Answer::Yes).await?, sent)?;
    let deleted = data(&reply)?;
    same(
        &deleted["deleted"],
        &json!(TASK),
        "The result does not say what is gone.",
        sent,
    )?;
    let there = tracker.task(TASK).is_some();
    same(&there, &false, "The tracker still has the task.", sent)?;

    let mut unable = server;
    unable.introduce_as(Client::default());
    let reply = unable.call("delete_task", arguments(OTHER)).await?;
    let what = "A client that cannot be asked is not told so.";
    reply.expect_error(MISSING_CAPABILITY, what)?;
    requests(
        &ctx,
        DELETE,
        1,
        "delete_task of a client without elicitation",
    )
}

async fn legacy(ctx: Context) -> Verdict {
    let server = asking(&ctx).await?;
    let open = question(&ctx, &server, TASK).await?;
    let sent = "delete_task, and decline";
    let reply = answered(open.answer(Answer::Decline).await?, sent)?;
    let kept = data(&reply)?;
    same(
        &kept["kept"],
        &json!(TASK),
        "The result does not say what is kept.",
        sent,
    )?;
    let there = ctx.tracker()?.task(TASK).is_some();
    same(
        &there,
        &true,
        "The task is gone though the user has declined.",
        sent,
    )?;

    let unable = ctx.start().await?;
    let reply = unable.call("delete_task", arguments(OTHER)).await?;
    tool_error(&reply, "A client without elicitation", &[])?;
    let remote = serve(&ctx, ctx.server()).await?;
    let reply = remote.call("delete_task", arguments(OTHER)).await?;
    tool_error(&reply, "A legacy client over HTTP", &[])?;
    requests(
        &ctx,
        DELETE,
        0,
        "delete_task, declined, and from clients that cannot be asked",
    )
}
