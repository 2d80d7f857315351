//! 3.6 Ask before deleting.

use serde_json::{Value, json};
use tracker::Tracker;
use verdict::Era;

use super::request_state;
use crate::harness::protocol::{Client, MISSING_CAPABILITY};
use crate::harness::{
    Answer, Asked, Check, Context, Opening, Question, Server, Verdict, Wrong, ensure, short, wrong,
};

pub(super) const EXERCISE: &str = "3.6";
const ELICITATION: &str = "specification 2026-07-28, client/elicitation";
/// What the tracker is asked when a task is deleted.
const DELETE: &str = "DELETE /tasks/{task}";
/// The task that is to be deleted, and stays.
pub(super) const TASK: &str = "ATLAS-5";
/// Another one, with an id as long.
pub(super) const OTHER: &str = "ATLAS-6";
/// The tasks that are deleted in the end, by one check each.
const FIRST: &str = "ATLAS-7";
const AGAIN: &str = "ATLAS-8";

pub(super) fn checks() -> Vec<Check> {
    [about_the_question(), request_state::checks()].concat()
}

fn about_the_question() -> Vec<Check> {
    vec![
        Check::new("delete-asks-first", EXERCISE, asks_first)
            .says("`delete_task` asks the user, deletes nothing until the answer is yes, and then deletes.")
            .why(
                "What is deleted does not come back. Only the user can say that it is meant, and the question comes before.",
                ELICITATION,
            )
            .leaves_no_trace(),
        Check::new("delete-takes-no", EXERCISE, takes_no)
            .says("Declined, cancelled or answered with no, the task stays, and the model is told.")
            .why(
                "`accept` means that the form was sent, not that the user agreed: the answer is in the form.",
                "specification 2026-07-28, client/elicitation, Response Actions",
            )
            .leaves_no_trace(),
        Check::new("delete-asks-again", EXERCISE, asks_again)
            .says("A retry without the answer is asked again; answers that nobody asked for are ignored.")
            .why(
                "A client may send the state and lose the answer. Asking again costs one round, an error ends the work.",
                "specification 2026-07-28, basic/patterns/mrtr, Error Handling",
            )
            .only(Era::Modern)
            .leaves_no_trace(),
        Check::new("delete-needs-a-form", EXERCISE, needs_a_form)
            .says("A client that cannot show a form is not asked, and nothing is deleted.")
            .why(
                "A question that nobody shows is never answered. `elicitation` alone does not say enough: a client that \
                 declares only `url` shows no forms.",
                "specification 2026-07-28, client/elicitation, Capabilities; basic/index, Error Codes",
            )
            .leaves_no_trace(),
    ]
}

pub(super) fn arguments(task: &str) -> Value {
    json!({"task": task})
}

/// A server that is called by a client with these capabilities.
async fn called_by(ctx: &Context, capabilities: Value) -> Verdict<Server> {
    let client = Client::able_to(capabilities);
    match ctx.era() {
        Era::Modern => {
            let mut server = ctx.start().await?;
            server.introduce_as(client);
            Ok(server)
        }
        // Said once for all, in the handshake.
        Era::Legacy => ctx.server().client(client).start(Opening::Usual).await,
    }
}

/// A server that is called by a client that shows forms.
pub(super) async fn asking(ctx: &Context) -> Verdict<Server> {
    called_by(ctx, forms()).await
}

/// What a client declares that shows forms.
pub(super) fn forms() -> Value {
    json!({"elicitation": {"form": {}}})
}

/// Calls `delete_task` and demands a question with a form.
pub(super) async fn question<'a>(server: &'a Server, task: &str) -> Verdict<Question<'a>> {
    let asked = server.call_asking("delete_task", arguments(task)).await?;
    let question = asked.question("`delete_task` does not ask the user.")?;
    let form = question.form();
    let is_form = form["mode"].as_str().is_none_or(|mode| mode == "form")
        && form["requestedSchema"].is_object()
        && form["message"].is_string();
    ensure(is_form, || {
        question
            .wrong("The question is no form.")
            .expected(
                "an elicitation/create with `message` and `requestedSchema`, mode form or none",
            )
            .got(short::json(form))
    })?;
    Ok(question)
}

/// How often the tracker was asked to delete this task.
fn deletions(tracker: &Tracker, task: &str) -> usize {
    let requests = tracker.requests(DELETE).into_iter();
    requests
        .filter(|entry| entry.path.ends_with(&format!("/{task}")))
        .count()
}

/// Demands that this task was not deleted.
pub(super) fn untouched(
    tracker: &Tracker,
    task: &str,
    sent: &str,
    what: &str,
) -> Result<(), Wrong> {
    let deletions = deletions(tracker, task);
    ensure(deletions == 0 && tracker.task(task).is_some(), || {
        wrong(what)
            .sent(sent)
            .expected("no DELETE request at the tracker")
            .got(format!("DELETE /tasks/{task} at the tracker"))
    })
}

async fn asks_first(ctx: Context) -> Verdict {
    // Declared as most clients do: an empty object means forms.
    let server = called_by(&ctx, json!({"elicitation": {}})).await?;
    let tracker = ctx.tracker()?;
    let question = question(&server, FIRST).await.map_err(|stop| {
        stop.note(r#"The client declares {"elicitation": {}}, which means forms."#)
    })?;
    let sent = question.sent();
    untouched(
        tracker,
        FIRST,
        &sent,
        "The task was deleted before the user could answer.",
    )?;

    let asked = question.answer(Answer::Yes).await?;
    let reply = match asked {
        Asked::Reply(reply) => reply,
        Asked::Question(again) => {
            return Err(again
                .wrong("The server goes on asking after the user has agreed.")
                .sent(format!("{sent}, then the answer yes"))
                .expected("the result of the call")
                .into());
        }
    };
    reply
        .tool_success()
        .map_err(|wrong| wrong.sent(format!("{sent}, then the answer yes")))?;
    let deletions = deletions(tracker, FIRST);
    ensure(deletions == 1 && tracker.task(FIRST).is_none(), || {
        wrong("The user agreed, and the task was not deleted.")
            .sent(format!("{sent}, then the answer yes"))
            .expected(format!("one DELETE request at the tracker, for {FIRST}"))
            .got(format!("{deletions} of them; {}", reply.got()))
    })?;
    Ok(())
}

async fn takes_no(ctx: Context) -> Verdict {
    let server = asking(&ctx).await?;
    for (answer, told) in [
        (Answer::Decline, "declined"),
        (Answer::Cancel, "cancelled"),
        (Answer::No, "sent the form with a no in it"),
    ] {
        let question = question(&server, TASK).await?;
        if answer == Answer::No && !question.can_be_denied() {
            continue;
        }
        let sent = format!("{}; the user {told}", question.sent());
        let asked = question.answer(answer).await?;
        untouched(
            ctx.tracker()?,
            TASK,
            &sent,
            &format!("The user {told}, and the task was deleted."),
        )?;
        let Asked::Reply(reply) = asked else {
            return Err(
                wrong(format!("The user {told}, and the server asks again."))
                    .sent(sent)
                    .expected("the result of the call, which says that the task was kept")
                    .got(asked.got())
                    .into(),
            );
        };
        reply.tool_result().map_err(|wrong| {
            wrong
                .sent(sent)
                .expected("the result of the call, which says that the task was kept")
        })?;
    }
    Ok(())
}

async fn asks_again(ctx: Context) -> Verdict {
    let server = asking(&ctx).await?;
    let mut open = question(&server, AGAIN).await?;
    for (responses, told) in [
        (None, "without inputResponses"),
        (Some(json!({})), "with empty inputResponses"),
        (
            Some(json!({"another-question": {"action": "decline"}})),
            "with the answer to another question",
        ),
    ] {
        let retry = open.retry(open.state(), responses);
        let sent = format!("{} again with its requestState, {told}", open.sent());
        let asked = server.ask_with(retry).await?;
        untouched(
            ctx.tracker()?,
            AGAIN,
            &sent,
            "Nobody answered, and the task was deleted.",
        )?;
        open = asked
            .question("A retry without the answer is not asked again.")
            .map_err(|wrong| wrong.sent(sent))?;
    }
    let mut responses = open.responses(Answer::Yes)?;
    responses["another-question"] = json!({"action": "decline"});
    let retry = open.retry(open.state(), Some(responses));
    let sent = format!(
        "{} again with the answer yes, beside the answer to another question",
        open.sent()
    );
    let asked = server.ask_with(retry).await?;
    ensure(ctx.tracker()?.task(AGAIN).is_none(), || {
        wrong("The answer is not found beside one that nobody asked for.")
            .sent(sent)
            .expected("the result of the call, and the task deleted")
            .got(asked.got())
    })?;
    Ok(())
}

async fn needs_a_form(ctx: Context) -> Verdict {
    for capabilities in [json!({}), json!({"elicitation": {"url": {}}})] {
        let server = called_by(&ctx, capabilities.clone()).await?;
        let asked = server.call_asking("delete_task", arguments(TASK)).await?;
        let sent = format!(
            "tools/call delete_task {} from a client with the capabilities {}",
            short::json(&arguments(TASK)),
            short::json(&capabilities)
        );
        untouched(
            ctx.tracker()?,
            TASK,
            &sent,
            "The user could not be asked, and the task was deleted.",
        )?;
        let reply = match asked {
            Asked::Reply(reply) => reply,
            Asked::Question(question) => {
                return Err(question
                    .wrong("A client that shows no forms was sent one.")
                    .sent(sent)
                    .expected(way_out(ctx.era()))
                    .into());
            }
        };
        told_what_is_missing(&reply)
            .map_err(|wrong| wrong.sent(sent).expected(way_out(ctx.era())))?;
    }
    Ok(())
}

/// How a client learns that it would have to show a form.
fn way_out(era: Era) -> &'static str {
    match era {
        Era::Modern => "protocol error -32021 with `elicitation` in data.requiredCapabilities",
        Era::Legacy => "result.isError = true",
    }
}

fn told_what_is_missing(reply: &crate::harness::Reply) -> Result<(), Wrong> {
    const WHAT: &str = "A client that shows no forms is not told so.";
    match reply.era() {
        Era::Modern => {
            let error = reply.expect_error(MISSING_CAPABILITY, WHAT)?;
            let required = &error["data"]["requiredCapabilities"]["elicitation"];
            ensure(required.is_object(), || {
                reply.wrong("The error does not name the capability that is missing.")
            })
        }
        Era::Legacy => reply.tool_error(WHAT, "").map(drop),
    }
}
