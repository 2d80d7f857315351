//! 3.6 Ask before deleting: what the state of the question is worth.

use std::time::Duration;

use tracker::Tracker;
use verdict::Era;

use super::asking::{EXERCISE, OTHER, TASK, arguments, asking, forms, question, untouched};
use super::forgery;
use crate::harness::protocol::Client;
use crate::harness::{
    Answer, Asked, Check, Context, Opening, Question, Verdict, Wrong, ensure, spoken, wrong,
};

const MRTR: &str =
    "specification 2026-07-28, basic/patterns/mrtr, Server Requirements (Basic Workflow)";
/// How long an answer may take where a check waits for longer (× the time factor).
const TTL: Duration = Duration::from_millis(60);
/// The key of two processes that belong together.
const KEY: &str = "one-key-for-all-processes-0123456789abcdef";
/// The task that is deleted by another process than the one that asked.
const TRAVELS: &str = "ATLAS-9";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("delete-needs-the-state", EXERCISE, needs_the_state)
            .says("An answer counts only with the state of its own question: not without, changed, or of another task.")
            .why(
                "`requestState` comes back through the client, which may be anybody: it must be verified before anything \
                 in the request counts.",
                MRTR,
            )
            .only(Era::Modern)
            .leaves_no_trace(),
        Check::new("delete-state-expires", EXERCISE, state_expires)
            .says("An answer that comes after `CONFIRM_TTL_MS` deletes nothing.")
            .why("A yes of last week is not meant for the task of today.", MRTR)
            .only(Era::Modern)
            .waits(),
        Check::new("delete-state-travels", EXERCISE, state_travels)
            .says("Another process with the same `STATE_KEY` takes the answer; one with another key does not.")
            .why(
                "The retry is a request of its own and may reach another process: what it needs is in the request and in \
                 the settings.",
                "specification 2026-07-28, basic/patterns/mrtr, Basic Workflow",
            )
            .only(Era::Modern)
            .leaves_no_trace(),
    ]
}

/// The state of the question.
fn state_of(question: &Question<'_>) -> Result<String, Wrong> {
    question.state().map(Into::into).ok_or_else(|| {
        question
            .wrong("The question comes without a state.")
            .expected("result.requestState, which the client sends back with the answer")
    })
}

/// Demands that an answer which does not count was refused: no deletion, and no result that reads like one.
fn refused(
    tracker: &Tracker,
    task: &str,
    asked: &Asked<'_>,
    sent: &str,
    told: &str,
) -> Result<(), Wrong> {
    untouched(
        tracker,
        task,
        sent,
        &format!("An answer {told} deleted a task."),
    )?;
    let took_it = match asked {
        Asked::Question(_) => false,
        Asked::Reply(reply) => reply.error().is_none() && !reply.tool_result()?.is_error(),
    };
    ensure(!took_it, || {
        wrong(format!("An answer {told} was taken."))
            .sent(sent)
            .expected("protocol error -32602, result.isError = true, or the question once more")
            .got(asked.got())
    })
}

async fn needs_the_state(ctx: Context) -> Verdict {
    let server = asking(&ctx).await?;
    let tracker = ctx.tracker()?;
    let question = question(&server, TASK).await?;
    let state = state_of(&question)?;
    let mut attempts = vec![
        (TASK, None, Answer::Yes, "without a state".to_owned()),
        (
            OTHER,
            Some(state.clone()),
            Answer::Yes,
            "with the state of another task".into(),
        ),
    ];
    for forged in forgery::renamed(&state, TASK, OTHER) {
        let told = "with a state in which another task was written";
        attempts.push((OTHER, Some(forged), Answer::Yes, told.into()));
    }
    for (changed, how) in forgery::damaged(&state) {
        let told = format!("with a state {how}");
        attempts.push((TASK, Some(changed.clone()), Answer::Yes, told.clone()));
        attempts.push((TASK, Some(changed), Answer::Decline, told));
    }
    for (task, state, answer, told) in attempts {
        let mut retry = question.retry(state.as_deref(), Some(question.responses(answer)?));
        retry["arguments"] = arguments(task);
        let user = match answer {
            Answer::Yes => "yes",
            _ => "decline",
        };
        let sent =
            format!("tools/call delete_task {{\"task\":\"{task}\"}}, the answer {user} {told}");
        let asked = server.ask_with(retry).await?;
        refused(tracker, task, &asked, &sent, &told)?;
    }
    Ok(())
}

async fn state_expires(ctx: Context) -> Verdict {
    let ttl = ctx.limits().scaled(TTL);
    let server = ctx
        .server()
        .client(Client::able_to(forms()))
        .env("CONFIRM_TTL_MS", ttl.as_millis().to_string())
        .start(Opening::Usual)
        .await?;
    let question = question(&server, TASK).await?;
    state_of(&question)?;
    // A little longer: clocks of two programs agree to the millisecond at best.
    let waited = ttl + Duration::from_millis(20);
    tokio::time::sleep(waited).await;
    let sent = format!(
        "{} where CONFIRM_TTL_MS is {} ms, and the answer yes after {}",
        question.sent(),
        ttl.as_millis(),
        spoken(waited)
    );
    let asked = question.answer(Answer::Yes).await?;
    refused(ctx.tracker()?, TASK, &asked, &sent, "that came too late")?;
    Ok(())
}

async fn state_travels(ctx: Context) -> Verdict {
    let launch = || {
        ctx.server()
            .client(Client::able_to(forms()))
            .env("STATE_KEY", KEY)
            .start(Opening::Usual)
    };
    // The stranger is told no key, so it has one of its own.
    let (asks, twin, stranger) = tokio::try_join!(launch(), launch(), asking(&ctx))?;
    let question = question(&asks, TRAVELS).await?;
    let state = state_of(&question)?;
    let retry = question.retry(Some(&state), Some(question.responses(Answer::Yes)?));
    let sent = |process: &str| {
        format!(
            "{}, and the answer yes with its state to another process {process}",
            question.sent()
        )
    };

    let asked = stranger.ask_with(retry.clone()).await?;
    let told = "with a state that was signed with another key";
    refused(
        ctx.tracker()?,
        TRAVELS,
        &asked,
        &sent("that does not have its STATE_KEY"),
        told,
    )?;

    let asked = twin.ask_with(retry).await?;
    ensure(ctx.tracker()?.task(TRAVELS).is_none(), || {
        wrong("A process with the same key does not take the answer.")
            .sent(sent("with the same STATE_KEY"))
            .expected("the result of the call, and the task deleted")
            .got(asked.got())
    })?;
    Ok(())
}
