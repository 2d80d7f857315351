//! 3.5 Stop when cancelled.

use std::time::Duration;

use serde_json::json;
use tracker::{Effect, Fault, ImportState, Tracker};

use super::imports::{CHECK, asked, import, reply_to, sent_import, started};
use crate::harness::{
    Check, Context, Pending, Server, Stop, Verdict, Wrong, ensure, short, spoken, wrong,
};

const EXERCISE: &str = "3.5";
const SOURCE: &str = "specification 2026-07-28, basic/patterns/cancellation";
/// How many rows an import has that is to be cancelled.
const ROWS: u64 = 500;
/// How long after a cancellation the import may go on (× the time factor).
const STOPS: Duration = Duration::from_secs(1);
/// How long the tracker takes to create an import, or to cancel one, where that matters (× the time factor).
const SLOWLY: Duration = Duration::from_millis(150);
/// How the tracker goes on in that time: so often, and so many rows at a time. It does not come to the end.
const STEPS: u32 = 3;
const STEP_ROWS: u64 = 100;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("cancel-stops-import", EXERCISE, stops_import)
            .says("A cancelled call stops its import at the tracker within a second, and is not told about any more.")
            .why(
                "Nobody waits for the result. Work that goes on upstream costs what nobody wants, and makes tasks that \
                 nobody asked for.",
                SOURCE,
            )
            .within(CHECK)
            .waits(),
        Check::new("cancel-during-creation", EXERCISE, during_creation)
            .says("A call that is cancelled while the tracker still creates the import stops that import as well.")
            .why(
                "A request that is given up may have arrived all the same. Without its reply nobody knows the id of \
                 the import, and nobody can stop it.",
                SOURCE,
            )
            .within(CHECK)
            .waits(),
        Check::new("cancel-only-when-told", EXERCISE, runs_to_its_end)
            .says("An import that nobody cancels runs to its end.")
            .why(
                "What cleans up behind a call must know whether the call has come to its end.",
                SOURCE,
            )
            .within(CHECK)
            .waits(),
    ]
}

async fn stops_import(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.set_rows_per_second(0);
    let millis = ctx.limits().scaled(SLOWLY).as_millis() as u64;
    tracker.fault(Fault::on(
        "POST /imports/{import}/cancel",
        Effect::Latency { millis },
    ))?;
    let server = ctx.start().await?;
    let call = server
        .begin_call_told("import_tasks", import(ROWS), &json!("import-a"))
        .await?;
    // With the first question the server is past the creation.
    if !started(&ctx, tracker, 1).await || !asked(&ctx, tracker, 1).await {
        return Err(not_under_way(call).await?.into());
    }
    let before = server.told_so_far();
    server.cancel(&call).await?;
    // While the tracker takes its time to stop, there would be something to tell.
    for _ in 0..STEPS {
        tracker.advance_imports(STEP_ROWS);
        tokio::time::sleep(ctx.limits().scaled(SLOWLY / STEPS)).await;
    }
    is_stopped(&ctx, tracker, "while it waits for the import").await?;
    lives(&server).await?;
    let late = server
        .progress()
        .into_iter()
        .filter(|told| told.is_since(before));
    ensure(late.count() <= 1, || {
        wrong("The client is still told about a call that it has cancelled.")
            .sent(format!(
                "{}, then notifications/cancelled",
                sent_import(ROWS)
            ))
            .expected("at most one notifications/progress, which was on its way, then none")
            .got("notifications/progress that go on")
    })?;
    Ok(())
}

async fn during_creation(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.set_rows_per_second(0);
    let millis = ctx.limits().scaled(SLOWLY).as_millis() as u64;
    tracker.fault(Fault::on("POST /imports", Effect::Latency { millis }))?;
    let server = ctx.start().await?;
    let call = server.begin_call("import_tasks", import(ROWS)).await?;
    let limit = ctx.limits().request();
    let arrived = |tracker: &Tracker| !tracker.requests("POST /imports").is_empty();
    if !tracker.wait_until(limit, arrived).await {
        return Err(not_under_way(call).await?.into());
    }
    server.cancel(&call).await?;
    if !started(&ctx, tracker, 1).await {
        return Err(Stop::Fault(
            "the tracker did not carry out a request".into(),
        ));
    }
    is_stopped(&ctx, tracker, "while the tracker creates the import").await?;
    lives(&server).await
}

async fn runs_to_its_end(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.set_rows_per_second(0);
    let server = ctx.start().await?;
    let call = server.begin_call("import_tasks", import(1)).await?;
    if !started(&ctx, tracker, 1).await || !asked(&ctx, tracker, 1).await {
        return Err(not_under_way(call).await?.into());
    }
    tracker.advance_imports(1);
    let reply = reply_to(&ctx, call).await?;
    let result = reply.tool_success()?;
    let data = result.data()?;
    let imports = tracker.imports();
    let done = imports
        .iter()
        .filter(|import| import.state == ImportState::Done)
        .count();
    ensure(
        done == 1 && imports.len() == 1 && data["state"] == "done",
        || {
            result
                .wrong("An import that nobody cancelled did not come to its end.")
                .expected("`state` = done, and one import at the tracker, which is done")
                .note(format!(
                    "Imports at the tracker: {}.",
                    short::list(imports.iter().map(state_of))
                ))
        },
    )?;
    Ok(())
}

/// The failure for an import that the tracker never heard of, or was never asked about.
async fn not_under_way(call: Pending) -> Verdict<Wrong> {
    let reply = call.reply().await?;
    reply.tool_success()?;
    Ok(reply.wrong("`import_tasks` came back at once.").expected(
        "POST /imports to the tracker, then GET /imports/{import} until the import has ended",
    ))
}

/// Demands that every import is cancelled in time; `when` the call was.
async fn is_stopped(ctx: &Context, tracker: &Tracker, when: &str) -> Verdict {
    let limit = ctx.limits().scaled(STOPS);
    let stopped = |tracker: &Tracker| {
        tracker
            .imports()
            .iter()
            .all(|import| import.state == ImportState::Cancelled)
    };
    let in_time = tracker.wait_until(limit, stopped).await;
    ensure(in_time, || {
        let asked = tracker.requests("POST /imports/{import}/cancel").len();
        let asked = match asked {
            0 => "no request to cancel it".to_owned(),
            1 => "1 request to cancel it".to_owned(),
            count => format!("{count} requests to cancel it"),
        };
        wrong("The import goes on though its call was cancelled.")
            .sent(format!(
                "{}, then notifications/cancelled {when}",
                sent_import(ROWS)
            ))
            .expected(format!(
                "POST /imports/{{import}}/cancel to the tracker within {}",
                spoken(limit)
            ))
            .got(format!(
                "{asked}; imports at the tracker: {}",
                short::list(tracker.imports().iter().map(state_of))
            ))
    })?;
    Ok(())
}

fn state_of(import: &tracker::Import) -> String {
    let state = match import.state {
        ImportState::Running => "running",
        ImportState::Done => "done",
        ImportState::Cancelled => "cancelled",
    };
    format!("{} is {state}", import.id)
}

/// Demands that the server still answers. Whatever was on its way before is there then.
async fn lives(server: &Server) -> Verdict {
    let reply = server.call("list_projects", json!({})).await?;
    reply.tool_success()?;
    Ok(())
}
