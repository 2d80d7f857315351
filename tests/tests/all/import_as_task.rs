//! The example of chapter 3 that shows the Tasks extension, as a client sees it.

use std::sync::Arc;
use std::time::Duration;

use reference_tests::harness::protocol::{Client, LEGACY, MISSING_CAPABILITY};
use reference_tests::harness::{
    Check, Context, Opening, Selection, Server, Verdict, ensure, run, wrong,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use verdict::{Era, Event, Outcome};

use crate::right_servers::{solution, subject};
use crate::support::LONG;

#[tokio::test]
async fn the_example_of_chapter_3_serves_tasks_and_plain_results() {
    let package = "ch03-advanced-tools-solution";
    let subject = subject(&solution(package, Some("import_as_task")));
    let checks = vec![
        Check::new("declares", "0.0", declares_the_extension),
        Check::new("completes", "0.0", completes),
        Check::new("cancels", "0.0", cancels),
        Check::new("plain", "0.0", answers_others_plainly),
        Check::new("ends", "0.0", ends_with_its_input),
    ];
    let checks: Vec<Check> = checks.into_iter().map(Check::with_tracker).collect();
    let expected = checks.len();
    let mut passed = 0;
    run(checks, &Selection::default(), Arc::new(subject), |event| {
        if let Event::Finished(result) = event {
            assert_eq!(result.outcome, Outcome::Pass, "{}", result.check);
            passed += 1;
        }
    })
    .await;
    assert_eq!(passed, expected);
}

/// The server for a client that knows the extension.
async fn with_tasks(ctx: &Context) -> Verdict<Server> {
    let extension = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
    let client = Client::able_to(extension);
    ctx.server().client(client).start(Opening::Usual).await
}

/// Begins an import; gives the task that stands for it.
async fn begin(server: &Server, rows: u64) -> Verdict<String> {
    let arguments = json!({"project": "CEDAR", "rows": rows});
    let reply = server.call("import_tasks", arguments).await?;
    let result = reply.result()?;
    ensure(result["resultType"] == "task", || {
        reply.wrong("It is no task.")
    })?;
    let id = result["taskId"].as_str().map(str::to_owned);
    id.ok_or_else(|| reply.wrong("The task has no id.").into())
}

/// Asks about a task until it has ended.
async fn ended(server: &Server, task: &str) -> Verdict<Value> {
    let end = Instant::now() + LONG;
    loop {
        let reply = server.request("tasks/get", json!({"taskId": task})).await?;
        let told = reply.result()?.clone();
        if told["status"] != "working" {
            return Ok(told);
        }
        ensure(Instant::now() < end, || {
            reply.wrong("The task goes on and on.")
        })?;
        sleep(Duration::from_millis(20)).await;
    }
}

async fn declares_the_extension(ctx: Context) -> Verdict {
    let server = ctx.server().start(Opening::None).await?;
    let said = match ctx.era() {
        Era::Modern => server.request("server/discover", json!({})).await?,
        Era::Legacy => server.initialize(LEGACY).await?,
    };
    let extensions = &said.result()?["capabilities"]["extensions"];
    ensure(
        extensions["io.modelcontextprotocol/tasks"].is_object(),
        || said.wrong("It does not declare the extension."),
    )?;
    Ok(())
}

async fn completes(ctx: Context) -> Verdict {
    let server = with_tasks(&ctx).await?;
    ctx.tracker()?.set_rows_per_second(100_000);
    let task = begin(&server, 300).await?;
    let told = ended(&server, &task).await?;
    ensure(told["status"] == "completed", || {
        wrong(format!("The task ended otherwise: {told}"))
    })?;
    let result = &told["result"]["structuredContent"];
    ensure(result["state"] == "done" && result["done"] == 300, || {
        wrong(format!("The result is another one: {told}"))
    })?;
    Ok(())
}

async fn cancels(ctx: Context) -> Verdict {
    let server = with_tasks(&ctx).await?;
    ctx.tracker()?.set_rows_per_second(0);
    let task = begin(&server, 300).await?;
    let cancel = server.request("tasks/cancel", json!({"taskId": task}));
    cancel.await?.result()?;
    let told = ended(&server, &task).await?;
    ensure(told["status"] == "cancelled", || {
        wrong(format!("The task was not cancelled: {told}"))
    })?;
    let imports = ctx.tracker()?.imports();
    ensure(format!("{imports:?}").contains("Cancelled"), || {
        wrong(format!("The tracker goes on: {imports:?}"))
    })?;
    Ok(())
}

async fn answers_others_plainly(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    ctx.tracker()?.set_rows_per_second(100_000);
    let arguments = json!({"project": "CEDAR", "rows": 50});
    let reply = server.call("import_tasks", arguments).await?;
    let done = reply.tool_success()?.structured().cloned();
    ensure(done.is_some_and(|done| done["done"] == 50), || {
        reply.wrong("The import is not in the result.")
    })?;
    let refused = server
        .request("tasks/get", json!({"taskId": "any"}))
        .await?;
    refused.expect_error(MISSING_CAPABILITY, "It speaks of tasks to a stranger.")?;
    Ok(())
}

async fn ends_with_its_input(ctx: Context) -> Verdict {
    let server = with_tasks(&ctx).await?;
    server.close_input().await;
    let ending = server.ending(LONG, "its input was closed").await?;
    ensure(ending.is_normal(), || wrong(ending.spoken()))?;
    Ok(())
}
