//! 8.5: telling what has changed.

use std::time::Duration;

use serde_json::{Value, json};
use tracker::{State, names};
use verdict::Era;

use super::resources::BOARD;
use super::shared::serve;
use crate::harness::{Check, Context, Line, Notice, Server, Stop, Verdict, wrong};

const EXERCISE: &str = "8.5";
/// How long a notice may take (× the time factor).
const TOLD: Duration = Duration::from_secs(2);
/// So many changes happen in this time.
const CHANGES: u32 = 8;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(1);
/// The id of the subscription over HTTP: a text that is in nothing else.
const NAME: &str = "board-of-this-check-51c7";
/// A notice of a change.
const UPDATED: &str = "notifications/resources/updated";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-23-notices", EXERCISE, notices)
            .says("Who listens for a board hears of a change within two seconds, and of nothing after the subscription has ended.")
            .why(
                "A client that is not told shows old data. One that is told after it has left cannot place the message.",
                "specification of the server, AC-23",
            )
            .waits()
            .within(Duration::from_secs(20)),
    ]
}

/// A colleague moves a task of ATLAS.
fn change(ctx: &Context, state: State) -> Verdict {
    let tracker = ctx.tracker()?;
    let all = tracker.tasks();
    let other = all
        .iter()
        .find(|task| task.project == names::PROJECT && task.state != state);
    let task = other.ok_or_else(|| Stop::Fault("ATLAS has no such task".into()))?;
    tracker.edit_task(&task.id, |task| task.state = state);
    Ok(())
}

async fn notices(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    match ctx.era() {
        Era::Modern => modern(&ctx, &server).await,
        Era::Legacy => legacy(&ctx, &server).await,
    }
}

async fn modern(ctx: &Context, server: &Server) -> Verdict {
    let filter = json!({"resourceSubscriptions": [BOARD]});
    let subscription = server.listen("board", &filter).await?;
    let stream = over_http(ctx, &filter).await?;
    let mut stream = stream;
    hears_over_http(ctx, &mut stream).await?;
    hears(ctx, server, subscription.id(), CHANGES).await?;

    drop(stream);
    server.unlisten(&subscription).await?;
    silent(ctx, server, "subscriptions/listen, notifications/cancelled").await
}

/// Demands that the subscription is told of changes. There is more than one: the acknowledgement may come a moment before the
/// server listens.
async fn hears_over_http(ctx: &Context, stream: &mut Line) -> Verdict {
    let sent = |stop: Stop| stop.sent("subscriptions/listen over HTTP, then changes in ATLAS");
    let moment = ctx.limits().scaled(TOLD / CHANGES);
    for _ in 1..CHANGES {
        change(ctx, State::Done)?;
        if let Ok(heard) = tokio::time::timeout(moment, stream.heard(UPDATED, 1)).await {
            heard.map_err(sent)?;
            break;
        }
    }
    stream.heard(UPDATED, 1).await.map_err(sent)?;
    // The acknowledgement and the notice: both name the subscription, and the board.
    stream.heard(NAME, 2).await.map_err(sent)?;
    stream.heard(BOARD, 2).await.map_err(sent)
}

/// A subscription over HTTP whose acknowledgement has come.
async fn over_http(ctx: &Context, filter: &Value) -> Verdict<Line> {
    let remote = serve(ctx, ctx.server()).await?;
    let mut message = remote.message("subscriptions/listen", json!({"notifications": filter}));
    message["id"] = json!(NAME);
    let mut stream = remote.open_line(&remote.post(&message)).await?;
    stream
        .heard("notifications/subscriptions/acknowledged", 1)
        .await?;
    Ok(stream)
}

async fn legacy(ctx: &Context, server: &Server) -> Verdict {
    let board = || json!({"uri": BOARD});
    server
        .request("resources/subscribe", board())
        .await?
        .result()?;
    // The server listens before it says so: one change is enough.
    hears(ctx, server, &Value::Null, 1).await?;
    server
        .request("resources/unsubscribe", board())
        .await?
        .result()?;
    silent(ctx, server, "resources/subscribe, resources/unsubscribe").await
}

/// Demands a notice for the board that names this subscription. There may be more than one change: a modern subscription is
/// confirmed by the SDK, a moment before the server listens.
async fn hears(ctx: &Context, server: &Server, subscription: &Value, changes: u32) -> Verdict {
    let told = server.told_so_far();
    let moment = server.limits().scaled(TOLD / changes);
    let right = |notice: &Notice| notice.updates(BOARD) && notice.subscription() == subscription;
    let mut heard = None;
    for _ in 0..changes {
        change(ctx, State::Done)?;
        heard = server.notice(told, moment, right).await;
        if heard.is_some() {
            break;
        }
    }
    match heard {
        Some(_) => Ok(()),
        None => Err(wrong("A client that listens is not told of a change.")
            .sent("a subscription to the board of ATLAS, then a change of a task of ATLAS")
            .expected(format!("{UPDATED} {BOARD}, subscription {subscription}"))
            .got(
                match server
                    .notices()
                    .iter()
                    .rfind(|notice| notice.is_since(told))
                {
                    Some(notice) => notice.spoken(),
                    None => "nothing".to_owned(),
                },
            )
            .into()),
    }
}

/// Demands that a change is not told any more.
async fn silent(ctx: &Context, server: &Server, after: &str) -> Verdict {
    // With this reply the server has read what came before it.
    server.request("tools/list", json!({})).await?.result()?;
    let told = server.told_so_far();
    change(ctx, State::Todo)?;
    match server.notice(told, SILENCE, |_| true).await {
        None => Ok(()),
        Some(notice) => Err(wrong("A client that has left is told of a change.")
            .sent(format!("{after}, then a change of a task of ATLAS"))
            .expected("0 messages within 1 s")
            .got(notice.spoken())
            .into()),
    }
}
