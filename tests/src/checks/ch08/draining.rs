//! 8.1: the end of the process.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tracker::{Effect, Fault};

use super::shared::{CREATE, MOMENT, arrived, data, not_arrived, serve, so_far};
use crate::harness::{Check, Context, Opening, Reply, Server, Stop, Verdict, ensure, wrong};

const EXERCISE: &str = "8.1";
/// How long the tracker takes, in milliseconds. Not scaled: the process ends by a clock of its own.
const LATE: u64 = 1000;
/// How long after the signal somebody comes.
const COMES: Duration = Duration::from_millis(300);
/// How long the end may take (× the time factor).
const ENDS: Duration = Duration::from_secs(4);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-04-drain", EXERCISE, drain)
            .says("After SIGTERM the calls in flight are answered, nobody new is let in, and the process ends.")
            .why(
                "A host that stops a server may have just asked for something. What is half done upstream then is not \
                 known to anybody.",
                "specification of the server, AC-04",
            )
            .unix_only()
            .waits()
            .within(Duration::from_secs(20)),
    ]
}

fn arguments() -> Value {
    json!({"project": "CEDAR", "title": "Made at the last moment"})
}

/// Makes the tracker answer the next request for a task late, and forget those before: on a slow machine a call may have been
/// tried twice.
fn answer_late(ctx: &Context) -> Verdict {
    let tracker = ctx.tracker()?;
    tracker.clear_journal();
    Ok(tracker.fault(Fault::on(CREATE, Effect::Latency { millis: LATE }))?)
}

async fn drain(ctx: Context) -> Verdict {
    over_stdio(&ctx).await?;
    over_http(&ctx).await
}

async fn over_stdio(ctx: &Context) -> Verdict {
    answer_late(ctx)?;
    let server = ctx.server().start(Opening::Usual).await?;
    let call = server.begin_call("create_task", arguments()).await?;
    if !arrived(ctx).await? {
        let reply = call.within(MOMENT).reply().await;
        return Err(not_arrived("create_task", reply));
    }
    server.terminate();
    let ends = ends_well(&server);
    let call = call.within(ctx.limits().scaled(ENDS));
    let (reply, ended) = tokio::join!(call.reply(), ends);
    made(ctx, &reply?)?;
    ended
}

async fn over_http(ctx: &Context) -> Verdict {
    answer_late(ctx)?;
    let remote = serve(ctx, ctx.server()).await?;
    let client = remote.clone();
    let call = tokio::spawn(async move { client.call("create_task", arguments()).await });
    if !arrived(ctx).await? {
        return Err(not_arrived("create_task", so_far(call).await));
    }
    let server = remote.process().clone();
    server.terminate();
    let watched = tokio::spawn(async move { ends_well(&server).await });
    sleep(COMES).await;
    let refused = match TcpStream::connect(remote.host()).await {
        Ok(_) => false,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
    };
    ensure(refused, || {
        wrong("A server that is about to end lets somebody in.")
            .sent("a connection, 300 ms after SIGTERM")
            .expected("a connection that the system refuses")
            .got("a connection")
    })?;
    let gone = |error: tokio::task::JoinError| Stop::Fault(error.to_string());
    made(ctx, &call.await.map_err(gone)??)?;
    watched.await.map_err(gone)?
}

/// Demands that the process ends by itself, in time and with 0.
async fn ends_well(server: &Server) -> Verdict {
    let ending = server
        .ending(ENDS, "SIGTERM, with a call in flight")
        .await?;
    ensure(ending.is_normal(), || {
        wrong("The process does not end well.")
            .sent("SIGTERM, with a call in flight")
            .expected("exit code 0")
            .got(ending.spoken())
    })?;
    Ok(())
}

/// Demands the new task in a reply.
fn made(ctx: &Context, reply: &Reply) -> Verdict {
    let id = data(reply)?["id"].as_str().unwrap_or_default().to_owned();
    let there = ctx.tracker()?.task(&id).is_some();
    ensure(there, || {
        reply
            .wrong("The answer names no task that there is.")
            .expected("the id of the new task")
    })?;
    Ok(())
}
