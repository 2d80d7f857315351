//! 8.4: long work: its progress, its end, and its time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracker::{Effect, Fault, ImportState, Tracker, names};
use verdict::Era;

use super::shared::{data, requests, same, serve, tool_error};
use crate::harness::{
    Check, Context, Opening, Progress, Reply, Server, Verdict, ensure, protocol, spoken, wrong,
};

const EXERCISE: &str = "8.4";
/// What the tracker is asked for an import.
const IMPORT: &str = "POST /imports";
/// How long an import may take here (× the time factor).
const CALL: Duration = Duration::from_secs(15);
/// How long a check with imports may take.
const CHECK: Duration = Duration::from_secs(40);
/// How long after a cancellation the tracker may not know of it (× the time factor).
const STOPS: Duration = Duration::from_secs(1);
/// How long a server may take to tell of progress (× the time factor).
const TELLS: Duration = Duration::from_secs(4);
/// Rows a second while progress is told: a server that tells each look at the import tells far more than 20 times.
const PACE: u64 = 200;
/// So many rows of 5,000 are done before the client gives up: who tells of progress twice has told once.
const SOME: u64 = 4900;
/// `CALL_BUDGET_MS`, `IMPORT_BUDGET_MS`, how late the tracker is, and when the error is due (× the time factor).
const BUDGET: Duration = Duration::from_millis(400);
const IMPORT_BUDGET: Duration = Duration::from_millis(300);
const LATE: Duration = Duration::from_millis(5000);
const DUE: Duration = Duration::from_millis(1500);
/// `ATTEMPT_TIMEOUT_MS` as it is without a setting (× the time factor): what ends the call is the budget.
const ATTEMPT: Duration = Duration::from_millis(2000);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-15-progress", EXERCISE, progress)
            .says("An import tells 2 to 20 times how far it is, growing to the end; too many rows are refused before it begins.")
            .why(
                "One notification for each row is a flood, none looks like a server that hangs.",
                "specification of the server, AC-15",
            )
            .waits()
            .within(CHECK),
        Check::new("ac-16-cancel", EXERCISE, cancel)
            .says("An import stops at the tracker when its client takes the call back or hangs up, and for no other reason.")
            .why(
                "Work that nobody waits for costs, and makes tasks that nobody wants.",
                "specification of the server, AC-16",
            )
            .waits()
            .within(CHECK),
        Check::new("ac-17-budget", EXERCISE, budget)
            .says("A call that takes longer than its budget is given up with a tool error, an import is stopped with it.")
            .why(
                "A call that waits for ever is worse than one that fails: nobody knows which of the two it is.",
                "specification of the server, AC-17",
            )
            .waits()
            .within(CHECK),
    ]
}

fn import(rows: u64) -> Value {
    json!({"project": names::EMPTY_PROJECT, "rows": rows})
}

async fn progress(ctx: Context) -> Verdict {
    ctx.tracker()?.set_rows_per_second(PACE);
    let server = ctx.start().await?;
    let token = json!("import-of-this-check");
    let call = server
        .begin_call_told("import_tasks", import(500), &token)
        .await?;
    let reply = call.within(ctx.limits().scaled(CALL)).reply().await?;
    let end = data(&reply)?;
    same(
        &end["state"],
        &json!("done"),
        "The import does not end as done.",
        &reply.sent(),
    )?;
    if let Some(problem) = problem(&server.progress(), &token, &reply) {
        return Err(
            wrong("The progress of an import is not told as it should be.")
                .sent(format!("{}, with a progress token", reply.sent()))
                .expected("2 to 20 notifications/progress with that token before the result, growing to 500")
                .got(problem)
                .into(),
        );
    }

    let before = server.told_so_far();
    let reply = server
        .begin_call_told("import_tasks", import(100_001), &token)
        .await?;
    let reply = reply.reply().await?;
    tool_error(&reply, "An import of 100001 rows", &["rows", "100000"])?;
    let told = server.told_so_far() - before;
    same(&told, &0, "A refused import is told about.", &reply.sent())?;
    requests(
        &ctx,
        IMPORT,
        1,
        "an import of 500 rows, and a refused one of 100001",
    )
}

/// What is wrong with the notifications of an import of 500 rows. Said without figures that depend on the moment.
fn problem(told: &[Progress], token: &Value, reply: &Reply) -> Option<String> {
    let steps: Option<Vec<f64>> = told.iter().map(Progress::done).collect();
    let problem = match (told.len(), steps) {
        (0, _) => "no notification",
        (1, _) => "one notification",
        (21.., _) => "more than 20 notifications",
        (_, None) => "a notification whose `progress` is no number",
        _ if told.iter().any(|one| one.token() != token) => "a notification with another token",
        _ if told.iter().any(|one| !one.is_before(reply)) => "a notification after the result",
        (_, Some(steps)) if steps.windows(2).any(|pair| pair[0] >= pair[1]) => {
            "a `progress` that does not grow"
        }
        (_, Some(steps)) if steps.last() != Some(&500.0) => "a last notification without 500",
        _ => return None,
    };
    Some(problem.to_owned())
}

/// Waits until the tracker has so many imports.
async fn begun(ctx: &Context, count: usize, sent: &str) -> Verdict {
    let there = |tracker: &Tracker| tracker.imports().len() >= count;
    let in_time = ctx
        .tracker()?
        .wait_until(ctx.limits().scaled(TELLS), there)
        .await;
    ensure(in_time, || {
        wrong("`import_tasks` starts no import.")
            .sent(sent)
            .expected("POST /imports to the tracker")
            .got("nothing of it")
    })?;
    Ok(())
}

/// The state of the import with this number, from 0.
fn state(tracker: &Tracker, number: usize) -> Option<ImportState> {
    tracker.imports().get(number).map(|import| import.state)
}

/// Demands that this import is cancelled in time.
async fn stopped(ctx: &Context, number: usize, sent: &str) -> Verdict {
    let limit = ctx.limits().scaled(STOPS);
    let tracker = ctx.tracker()?;
    let is_stopped = |tracker: &Tracker| state(tracker, number) == Some(ImportState::Cancelled);
    let in_time = tracker.wait_until(limit, is_stopped).await;
    ensure(in_time, || {
        wrong("The import goes on though nobody waits for it.")
            .sent(sent)
            .expected(format!(
                "an import that is cancelled within {}",
                spoken(limit)
            ))
            .got(match state(tracker, number) {
                None => "no import",
                Some(ImportState::Running) => "an import that is running",
                Some(ImportState::Done) => "an import that is done",
                Some(ImportState::Cancelled) => "an import that is cancelled, too late",
            })
    })?;
    Ok(())
}

async fn cancel(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    // What is done depends on the check alone.
    tracker.set_rows_per_second(0);
    let server = ctx.start().await?;
    cancelled_by_message(&ctx, &server).await?;
    // In the legacy era a client that has gone has not taken its request back.
    let over_http = ctx.era() == Era::Modern;
    if over_http {
        cancelled_by_end_of_stream(&ctx).await?;
    }

    let sent = "import_tasks, and notifications/cancelled for an id that was never used";
    let call = server.begin_call("import_tasks", import(100)).await?;
    begun(&ctx, if over_http { 3 } else { 2 }, sent).await?;
    let foreign = json!({"requestId": 987_654});
    let message = protocol::notification("notifications/cancelled", foreign);
    server.send_line(&message.to_string()).await?;
    // With this reply the server has read it.
    server
        .call("list_projects", json!({}))
        .await?
        .tool_success()?;
    tracker.advance_imports(100);
    let reply = call.within(ctx.limits().scaled(CALL)).reply().await?;
    let end = data(&reply)?;
    same(
        &end["state"],
        &json!("done"),
        "A foreign cancellation stops an import.",
        sent,
    )
}

async fn cancelled_by_message(ctx: &Context, server: &Server) -> Verdict {
    let sent = "import_tasks over stdio, then notifications/cancelled";
    let token = json!("told");
    let call = server
        .begin_call_told("import_tasks", import(5000), &token)
        .await?;
    begun(ctx, 1, sent).await?;
    ctx.tracker()?.advance_imports(SOME);
    let end = Instant::now() + ctx.limits().scaled(TELLS);
    while server.progress().is_empty() {
        ensure(Instant::now() < end, || {
            wrong("An import that goes on is not told about.")
                .sent(sent)
                .expected("notifications/progress")
                .got("nothing of it")
        })?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.cancel(&call).await?;
    stopped(ctx, 0, sent).await
}

async fn cancelled_by_end_of_stream(ctx: &Context) -> Verdict {
    let sent = "import_tasks over HTTP, then the end of the stream of its reply";
    let remote = serve(ctx, ctx.server()).await?;
    let params = json!({
        "name": "import_tasks",
        "arguments": import(5000),
        "_meta": {"progressToken": "told"},
    });
    let message = remote.message("tools/call", params);
    let mut stream = remote.open_line(&remote.post(&message)).await?;
    begun(ctx, 2, sent).await?;
    ctx.tracker()?.advance_imports(SOME);
    let told = stream.heard("notifications/progress", 1).await;
    told.map_err(|stop| stop.sent(sent))?;
    drop(stream);
    stopped(ctx, 1, sent).await
}

async fn budget(ctx: Context) -> Verdict {
    let millis = |time: Duration| ctx.limits().scaled(time).as_millis().to_string();
    let late = u64::try_from(ctx.limits().scaled(LATE).as_millis()).unwrap_or(u64::MAX);
    let tracker = ctx.tracker()?;
    let slow = Fault::on("GET /tasks/{task}", Effect::Latency { millis: late });
    tracker.fault(slow.times(u64::MAX))?;
    let launcher = ctx.server().env("CALL_BUDGET_MS", millis(BUDGET));
    let launcher = launcher.env("ATTEMPT_TIMEOUT_MS", millis(ATTEMPT));
    let server = launcher.start(Opening::Usual).await?;
    in_time(&ctx, &server, "get_task", json!({"task": "ATLAS-1"})).await?;
    data(&server.call("list_projects", json!({})).await?)?;

    tracker.set_rows_per_second(0);
    let launcher = ctx.server().env("IMPORT_BUDGET_MS", millis(IMPORT_BUDGET));
    let server = launcher.start(Opening::Usual).await?;
    in_time(&ctx, &server, "import_tasks", import(100_000)).await?;
    stopped(&ctx, 0, "import_tasks, with IMPORT_BUDGET_MS=300").await
}

/// Demands a tool error that comes because the time is over.
async fn in_time(ctx: &Context, server: &Server, tool: &str, arguments: Value) -> Verdict {
    let (began, limit) = (Instant::now(), ctx.limits().scaled(DUE));
    let call = server.begin_call(tool, arguments).await?;
    let reply = call.within(2 * limit).reply().await?;
    let took = began.elapsed();
    tool_error(&reply, "A call that takes too long", &[])?;
    ensure(took <= limit, || {
        reply
            .wrong("A call that takes too long is given up too late.")
            .expected(format!("a tool error within {}", spoken(limit)))
            .got(format!("one after {}", spoken(took)))
    })?;
    Ok(())
}
