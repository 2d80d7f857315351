//! 3.2 Sort errors: what must stay inside.

use serde_json::json;
use tracker::{Effect, Fault};

use super::errors::{LASTING, tool_error};
use crate::harness::{Context, Opening, Reply, TRACKER_TOKEN, Verdict, Wrong, ensure};

/// Where nobody listens.
const NOBODY: &str = "127.0.0.1:1";

pub(super) async fn keep_inside(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    for (effect, situation) in [
        (Effect::TokenExpired, "401, the token has expired"),
        (Effect::Status { status: 403 }, "403"),
        (Effect::Status { status: 500 }, "500"),
        (Effect::Status { status: 503 }, "503"),
        (Effect::TruncatedJson, "half a body"),
    ] {
        tracker.fault(Fault::on("GET /tasks/{task}", effect).times(LASTING))?;
        let reply = server.call("get_task", json!({"task": "ATLAS-1"})).await?;
        tracker.clear_faults();
        let sent = format!(
            "{}, which the tracker answers with {situation}",
            reply.sent()
        );
        tool_error(&reply, "An error of the tracker", "result.isError = true")
            .map_err(|wrong| wrong.sent(sent.clone()))?;
        keeps(&reply, &tracker.address().to_string()).map_err(|wrong| wrong.sent(sent))?;
    }
    Ok(())
}

pub(super) async fn unreachable(ctx: Context) -> Verdict {
    let server = ctx
        .server()
        .env("TRACKER_URL", format!("http://{NOBODY}"))
        .start(Opening::Usual)
        .await?;
    let reply = server.call("get_task", json!({"task": "ATLAS-1"})).await?;
    let sent = format!("{}, with nobody at TRACKER_URL", reply.sent());
    let expected = "result.isError = true, with text naming TRACKER_URL";
    let result = tool_error(&reply, "A tracker that is not there", expected)
        .map_err(|wrong| wrong.sent(sent.clone()))?;
    keeps(&reply, NOBODY).map_err(|wrong| wrong.sent(sent.clone()))?;
    ensure(result.text().contains("TRACKER_URL"), || {
        result
            .wrong("The error does not name the setting that says where the tracker is.")
            .sent(sent)
            .expected(expected)
    })?;
    Ok(())
}

/// Demands that nothing of the tracker's inside is in a result.
fn keeps(reply: &Reply, address: &str) -> Result<(), Wrong> {
    // The last two are the task that a cut reply began to tell.
    let secrets = [
        (TRACKER_TOKEN, "the token"),
        (address, "the address of the tracker"),
        ("postgres", "what the tracker says of its database"),
        ("hunter2", "what the tracker says of its database"),
        ("db-3", "what the tracker says of its database"),
        ("urn:tracker:problem", "the body of the tracker's reply"),
        ("Get a new one", "what the tracker says to this server"),
        ("sign-in screen", "half of the tracker's reply"),
    ];
    let whole = reply.message().to_string();
    let leaked = secrets
        .into_iter()
        .find(|(secret, _)| whole.contains(secret));
    ensure(leaked.is_none(), || {
        let name = leaked.map(|(_, name)| name).unwrap_or_default();
        reply
            .wrong(format!("The error shows {name}."))
            .expected("result.isError = true, with text that holds nothing of the tracker's inside")
    })
}
