//! 4.8 Tell legacy clients.

use std::time::Instant;

use serde_json::{Value, json};
use verdict::Era;

use super::changes::{Listener, OTHER, WATCHED, edit, fence, heard, helpers, unchanged, uri};
use crate::harness::{
    Check, Context, Notice, Opening, Server, Verdict, ensure, protocol, short, wrong,
};

const EXERCISE: &str = "4.8";
const SOURCE: &str = "specification 2025-11-25, server/resources, Subscriptions";
/// So long a new project may take before there is one more (× the time factor).
const AGAIN: std::time::Duration = std::time::Duration::from_millis(40);

pub(super) fn checks() -> Vec<Check> {
    let checks = vec![
        Check::new("subscribed-told", EXERCISE, tells)
            .says("A legacy client hears of the URIs that it has subscribed to, and of no other.")
            .why(
                "A client reads again what it is told of. Told of everything, it reads everything.",
                SOURCE,
            ),
        Check::new("unsubscribed-silent", EXERCISE, falls_silent)
            .says("After `resources/unsubscribe` a URI is no longer told of; the others are.")
            .why(
                "The client has closed that document. It says so in order to have peace.",
                SOURCE,
            ),
        Check::new("list-told", EXERCISE, tells_of_list)
            .says("A legacy client hears when the list of resources changes, without a subscription.")
            .why(
                "The capability `listChanged` is the promise to tell. A client that trusts it never asks again by itself.",
                "specification 2025-11-25, server/resources, List Changed Notification",
            ),
        Check::new("modern-untold", EXERCISE, leaves_modern_alone)
            .says("A modern connection hears of no change unless it listens.")
            .why(
                "In the modern era a notification belongs to a subscription. What belongs to none is a fault.",
                "specification 2026-07-28, basic/patterns/subscriptions",
            ),
    ];
    checks
        .into_iter()
        .map(|check| check.only(Era::Legacy))
        .collect()
}

/// What stands in place of a subscription's id.
const NO_ID: Value = Value::Null;

/// Subscribes to these tasks and to what every check needs beside them.
async fn subscribe(server: &Server, tasks: &[&str]) -> Verdict {
    let uris = tasks.iter().map(|task| uri(task)).chain(helpers());
    for uri in uris {
        let reply = server
            .request("resources/subscribe", json!({"uri": uri}))
            .await?;
        reply.result()?;
    }
    Ok(())
}

fn listener<'a>(ctx: &'a Context, server: &'a Server) -> Listener<'a> {
    Listener {
        ctx,
        server,
        id: &NO_ID,
    }
}

async fn tells(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    subscribe(&server, &[WATCHED]).await?;
    let one = listener(&ctx, &server);
    one.warm_up().await?;
    let told = server.told_so_far();
    edit(&ctx, OTHER)?;
    fence(&[one]).await?;
    unchanged(&server, WATCHED)?;
    edit(&ctx, WATCHED)?;
    one.hears(told, &uri(WATCHED)).await?;
    fence(&[one]).await?;
    none_of(
        &server,
        0,
        OTHER,
        "A client is told of a URI that it has not subscribed to.",
    )
}

/// Demands that this task was not told of after `told`.
fn none_of(server: &Server, told: usize, task: &str, what: &str) -> Verdict {
    let mut notices = server.notices().into_iter();
    let unwanted = notices.find(|notice| notice.is_since(told) && notice.updates(&uri(task)));
    match unwanted {
        None => Ok(()),
        Some(unwanted) => Err(wrong(what)
            .sent(format!(
                "a change in the tracker that touches {}",
                uri(task)
            ))
            .expected("no notification of it")
            .got(spoken(&unwanted))
            .into()),
    }
}

/// A notification of the legacy era, where none has the id of a subscription.
fn spoken(notice: &Notice) -> String {
    let spoken = notice.spoken();
    spoken
        .strip_suffix(" without a subscriptionId")
        .unwrap_or(&spoken)
        .to_owned()
}

async fn falls_silent(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    subscribe(&server, &[WATCHED]).await?;
    let one = listener(&ctx, &server);
    one.warm_up().await?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    one.hears(told, &uri(WATCHED)).await?;
    // Whatever was on its way has arrived before the client takes its subscription back.
    fence(&[one]).await?;
    let reply = server
        .request("resources/unsubscribe", json!({"uri": uri(WATCHED)}))
        .await?;
    reply.result()?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    fence(&[one]).await?;
    none_of(
        &server,
        told,
        WATCHED,
        "A client is told of a URI after it has unsubscribed.",
    )
}

async fn tells_of_list(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    // A server may begin to follow the feed a moment after the handshake: there is a change again and again.
    let (began, limit) = (Instant::now(), ctx.limits().request());
    let again = ctx.limits().scaled(AGAIN);
    for number in 1.. {
        ctx.tracker()?
            .add_project(&format!("NEW-{number}"), "Newly made");
        if server.notice(0, again, Notice::is_of_list).await.is_some() {
            return Ok(());
        }
        if began.elapsed() >= limit {
            break;
        }
    }
    Err(wrong("The client does not hear that the list has changed.")
        .sent("the handshake, then new projects in the tracker")
        .expected("notifications/resources/list_changed")
        .got(heard(&server, 0))
        .into())
}

async fn leaves_modern_alone(ctx: Context) -> Verdict {
    let modern = ctx.server().start(Opening::None).await?;
    for (method, params) in [
        ("server/discover", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/list", json!({})),
    ] {
        ask_modern(&modern, method, params).await?;
    }
    // That the feed has brought these changes, a legacy client beside it hears.
    let legacy = ctx.start().await?;
    subscribe(&legacy, &[WATCHED]).await?;
    let one = listener(&ctx, &legacy);
    one.warm_up().await?;
    let told = legacy.told_so_far();
    edit(&ctx, WATCHED)?;
    ctx.tracker()?.add_project("NEWLY", "Newly made");
    one.hears(told, &uri(WATCHED)).await?;
    one.hears_of_list(told).await?;
    fence(&[one]).await?;
    ask_modern(&modern, "server/discover", json!({})).await?;
    let unasked = modern
        .notices()
        .into_iter()
        .filter(Notice::is_of_resources)
        .map(|notice| notice.spoken());
    let unasked: Vec<String> = unasked.take(2).collect();
    ensure(unasked.is_empty(), || {
        wrong("A modern connection is told of changes though it does not listen.")
            .sent("requests of the modern era, none of them subscriptions/listen; then changes in the tracker")
            .expected("no notification: there is no subscription that it could belong to")
            .got(short::list(unasked))
    })?;
    Ok(())
}

/// Asks a question of the modern era; this check runs under the name of the legacy one.
async fn ask_modern(server: &Server, method: &str, params: Value) -> Verdict {
    let params = protocol::params_in(Era::Modern, params, &protocol::Client::default());
    let request = protocol::request(server.fresh_id(), method, params);
    server.ask(request).await?.result()?;
    Ok(())
}
