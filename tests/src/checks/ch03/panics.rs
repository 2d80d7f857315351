//! 3.7 Survive a panic.

use std::time::Duration;

use serde_json::{Value, json};
use tracker::{Effect, Fault};

use crate::harness::{
    Check, Context, Pending, Reply, Server, TRACKER_TOKEN, Verdict, ensure, short, wrong,
};

const EXERCISE: &str = "3.7";
/// Numbers of columns for which the given tool panics.
const COLUMNS: [u64; 2] = [0, u64::MAX];
/// How every panic that Rust reports on standard error begins.
const PANICKED: &str = " panicked at ";
/// How long a reply may take after the panic is known and another request was answered (× the time factor).
const GRACE: Duration = Duration::from_millis(100);
/// How long another call is under way meanwhile (× the time factor).
const MEANWHILE: Duration = Duration::from_millis(60);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("panic-answered", EXERCISE, is_answered)
            .says("A call whose tool panics is answered with an error.")
            .why(
                "A panic ends the task that would have replied. Without a guard around it the client waits until its own \
                 limit, and the model learns nothing.",
                "specification 2026-07-28, basic/index, Responses",
            )
            .leaves_no_trace(),
        Check::new("panic-alone", EXERCISE, harms_nobody)
            .says("A panic ends one call: others go on, and the next ones are answered.")
            .why(
                "One process serves all calls of its client. Whoever ends it for one of them ends it for all.",
                "specification 2026-07-28, server/tools, Error Handling",
            )
            .leaves_no_trace(),
        Check::new("panic-tells-nothing", EXERCISE, tells_nothing)
            .says("The reply says nothing of what the panic was about.")
            .why(
                "The message of a panic is written for whoever wrote the code: it may hold addresses, paths and secrets. It \
                 belongs into the log.",
                "specification 2026-07-28, server/tools, Security Considerations",
            )
            .leaves_no_trace(),
    ]
}

fn arguments(columns: u64) -> Value {
    json!({"project": "ATLAS", "columns": columns})
}

/// Calls the tool so that it panics, and demands a reply.
async fn provoke(server: &Server, columns: u64) -> Verdict<Reply> {
    let before = panics_of(server).len();
    let call = server
        .begin_call("sketch_velocity", arguments(columns))
        .await?;
    reply_to(server, call, before, columns).await
}

/// The reply, or the failure for a call that will have none: the request limit need not pass if the panic is known.
async fn reply_to(server: &Server, call: Pending, before: usize, columns: u64) -> Verdict<Reply> {
    let lost = async {
        while panics_of(server).len() <= before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // A server that answers others has had its turn for this one.
        let _ = server.request("tools/list", json!({})).await;
        tokio::time::sleep(server.limits().scaled(GRACE)).await;
    };
    tokio::select! {
        reply = call.reply() => reply,
        () = lost => Err(wrong("The tool panicked, and its call was never answered.")
            .sent(format!("tools/call sketch_velocity {}", short::json(&arguments(columns))))
            .expected("an error: result.isError = true, or a protocol error such as -32603")
            .got("a panic on standard error, and no reply")
            .into()),
    }
}

/// What the server's panics said: the line after each report.
fn panics_of(server: &Server) -> Vec<String> {
    let stderr = server.log().stderr();
    let reports = stderr.split(PANICKED).skip(1);
    reports
        .filter_map(|report| report.lines().nth(1))
        .map(|message| message.trim().to_owned())
        .collect()
}

async fn is_answered(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for columns in COLUMNS {
        let reply = provoke(&server, columns).await?;
        let is_error = reply.error().is_some() || reply.tool_result()?.is_error();
        ensure(is_error, || {
            reply
                .wrong("A tool panicked, and its call looks like a success.")
                .expected("an error: result.isError = true, or a protocol error such as -32603")
        })?;
    }
    Ok(())
}

async fn harms_nobody(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let meanwhile = ctx.limits().scaled(MEANWHILE);
    let millis = u64::try_from(meanwhile.as_millis()).unwrap_or(u64::MAX);
    ctx.tracker()?
        .fault(Fault::on("GET /projects", Effect::Latency { millis }))?;
    let other = server.begin_call("list_projects", json!({})).await?;
    for columns in COLUMNS {
        // What is said about it is for the check of the reply.
        provoke(&server, columns)
            .await
            .map_err(|stop| stop.note("A call of `list_projects` was under way."))?;
    }
    let sent = "sketch_velocity panicked, while a call of list_projects was under way";
    other
        .reply()
        .await
        .map_err(|stop| stop.sent(sent))?
        .tool_success()
        .map_err(|wrong| wrong.sent(sent))?;
    let sent = "tools/call list_projects {} after sketch_velocity had panicked";
    let next = server.call("list_projects", json!({})).await;
    next.map_err(|stop| stop.sent(sent))?
        .tool_success()
        .map_err(|wrong| wrong.sent(sent))?;
    let again = server.call("sketch_velocity", arguments(20)).await?;
    again
        .tool_success()
        .map_err(|wrong| wrong.sent(format!("{} after it had panicked", again.sent())))?;
    Ok(())
}

async fn tells_nothing(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let url = ctx.tracker()?.url();
    for columns in COLUMNS {
        let reply = provoke(&server, columns).await?;
        let said = reply.message().to_string();
        let mut secrets = vec![
            "divide by zero".to_owned(),
            "capacity overflow".into(),
            "panicked".into(),
            ".rs:".into(),
            TRACKER_TOKEN.into(),
            url.clone(),
        ];
        secrets.extend(
            panics_of(&server)
                .into_iter()
                .filter(|said| !said.is_empty()),
        );
        let told = secrets.into_iter().find(|secret| said.contains(secret));
        ensure(told.is_none(), || {
            reply
                .wrong("The reply tells what the panic was about.")
                .expected("an error in the server's own words")
                .note(format!(
                    "It holds {}.",
                    short::quoted(&told.unwrap_or_default())
                ))
        })?;
    }
    Ok(())
}
