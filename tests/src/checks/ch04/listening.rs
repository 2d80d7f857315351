//! 4.6 Tell modern clients.

use std::time::Duration;

use serde_json::{Value, json};
use tracker::{Effect, Fault, Tracker};
use verdict::Era;

use super::changes::{Listener, OTHER, WATCHED, edit, fence, helpers, unchanged, uri};
use crate::harness::{
    Check, Context, Notice, Server, Stop, Subscription, Verdict, ensure, short, wrong,
};

const EXERCISE: &str = "4.6";
const SOURCE: &str = "specification 2026-07-28, basic/patterns/subscriptions";
/// So often a client listens and cancels.
const ROUNDS: usize = 200;
/// So many requests to the change feed may wait at once for a client that listens once. It needs one.
const WAITING: usize = 5;
/// So long a notification is waited for that must not come (× the time factor).
const MOMENT: Duration = Duration::from_millis(40);
/// So long a server may need to find its way after the feed has failed (× the time factor).
const RECOVERS: Duration = Duration::from_secs(5);

pub(super) fn checks() -> Vec<Check> {
    let checks = vec![
        Check::new("listen-acknowledged", EXERCISE, is_acknowledged)
            .says("Each subscription begins with its acknowledgement, which grants what was asked for and no more.")
            .why(
                "From the acknowledgement a client knows what it will hear of, and that it may rely on it from then on.",
                SOURCE,
            ),
        Check::new("listen-tells", EXERCISE, tells)
            .says("A subscription hears of changed resources and of the list, each time under its id.")
            .why(
                "Without the id a client cannot tell whom a notification is for, and may drop it.",
                SOURCE,
            ),
        Check::new("listen-apart", EXERCISE, keeps_apart)
            .says("Two subscriptions at once each hear what they have asked for, and nothing else.")
            .why(
                "A server MUST NOT send what a subscription has not asked for.",
                SOURCE,
            ),
        Check::new("listen-cancelled", EXERCISE, falls_silent)
            .says("A cancelled subscription hears nothing more; others on the connection go on.")
            .why(
                "The client has forgotten the subscription. What still comes costs both sides, and means nothing.",
                SOURCE,
            ),
        Check::new("listen-many", EXERCISE, frees_everything)
            .says("After 200 subscriptions that were cancelled, one change is told once, and nothing of them is left.")
            .why(
                "Clients reconnect all day. What each of them leaves behind adds up until the server stops.",
                SOURCE,
            ),
        Check::new("listen-gap", EXERCISE, outlives_a_gap)
            .says("When the server has missed changes, it tells so, and the subscription goes on.")
            .why(
                "A stream that ends or stays silent leaves the client with old data, and the client cannot know.",
                SOURCE,
            )
            .within(Duration::from_secs(20))
            .slow(),
    ];
    checks
        .into_iter()
        .map(|check| check.only(Era::Modern))
        .collect()
}

/// A filter for these tasks, and for what every check needs beside them.
fn filter(tasks: &[&str], list: bool) -> Value {
    let uris: Vec<String> = tasks
        .iter()
        .map(|task| uri(task))
        .chain(helpers())
        .collect();
    match list {
        true => json!({"resourceSubscriptions": uris, "resourcesListChanged": true}),
        false => json!({"resourceSubscriptions": uris}),
    }
}

fn listener<'a>(
    ctx: &'a Context,
    server: &'a Server,
    subscription: &'a Subscription,
) -> Listener<'a> {
    Listener {
        ctx,
        server,
        id: subscription.id(),
    }
}

/// Adds a project, which changes the list.
fn add_project(ctx: &Context) -> Verdict {
    let added = ctx.tracker()?.add_project("NEWLY", "Newly made");
    let taken = || Stop::Fault("the tracker has the project already".into());
    added.then_some(()).ok_or_else(taken)
}

async fn is_acknowledged(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let all = filter(&[WATCHED, OTHER], true);
    let list = json!({"resourcesListChanged": true});
    let mut begun = Vec::new();
    // While one listens already, there is something to tell when the next one comes.
    for (id, asked) in [(json!("a"), &all), (json!(501), &list), (json!("c"), &all)] {
        edit(&ctx, WATCHED)?;
        let subscription = server.listen(id, asked).await?;
        edit(&ctx, WATCHED)?;
        grants(&subscription, asked)?;
        begun.push(subscription);
    }
    listener(&ctx, &server, &begun[2]).warm_up().await?;
    for subscription in &begun {
        let own = server.notices().into_iter();
        let own: Vec<Notice> = own.filter(|notice| subscription.owns(notice)).collect();
        let acknowledged: Vec<bool> = own.iter().map(|one| one.granted().is_some()).collect();
        let once = acknowledged.iter().filter(|&&is| is).count() == 1;
        ensure(once && acknowledged.first() == Some(&true), || {
            wrong(
                "The acknowledgement is not the first message of its subscription, or comes twice.",
            )
            .sent("subscriptions/listen three times, while tasks change")
            .expected("one acknowledgement, before any other notification with that id")
            .got(short::list(own.iter().take(4).map(Notice::spoken)))
        })?;
    }
    Ok(())
}

/// Demands that what was granted is part of what was asked for, and holds what this server can tell.
fn grants(subscription: &Subscription, asked: &Value) -> Verdict {
    let granted = subscription.granted();
    let uris = |filter: &Value| -> Vec<String> {
        let uris = filter["resourceSubscriptions"].as_array().cloned();
        let uris = uris.unwrap_or_default().into_iter();
        uris.filter_map(|uri| uri.as_str().map(str::to_owned))
            .collect()
    };
    let sorted = |filter: &Value| {
        let mut uris = uris(filter);
        uris.sort();
        uris
    };
    let same_list =
        granted["resourcesListChanged"] == true || asked["resourcesListChanged"] != true;
    let no_more = ["toolsListChanged", "promptsListChanged"]
        .iter()
        .all(|kind| granted[kind] != true);
    let whole = same_list && no_more && sorted(granted) == sorted(asked);
    ensure(whole, || {
        wrong("The acknowledgement grants something else than was asked for.")
            .sent(format!("subscriptions/listen {}", short::json(asked)))
            .expected(format!("notifications: {}", short::json(asked)))
            .got(format!("notifications: {}", short::json(granted)))
    })?;
    Ok(())
}

async fn tells(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let subscription = server.listen("changes", &filter(&[WATCHED], true)).await?;
    let one = listener(&ctx, &server, &subscription);
    one.warm_up().await?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    one.hears(told, &uri(WATCHED)).await?;
    add_project(&ctx)?;
    one.hears_of_list(told).await?;
    fence(&[one]).await?;
    all_tagged(&server, &[&subscription])
}

/// Demands that every notification about resources belongs to one of these subscriptions.
fn all_tagged(server: &Server, subscriptions: &[&Subscription]) -> Verdict {
    let stray = server.notices().into_iter().find(|notice| {
        let owned = subscriptions.iter().any(|one| one.owns(notice));
        notice.is_of_resources() && !owned
    });
    match stray {
        None => Ok(()),
        Some(stray) => Err(wrong("A notification belongs to no subscription.")
            .sent("subscriptions/listen, then changes in the tracker")
            .expected("the id of an open subscription in `_meta` of each notification")
            .got(stray.spoken())
            .note("The peer sends to the connection; the sink of a subscription adds its id.")
            .into()),
    }
}

async fn keeps_apart(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let first = server.listen("first", &filter(&[WATCHED], false)).await?;
    listener(&ctx, &server, &first).warm_up().await?;
    let second = server.listen(502, &filter(&[OTHER], true)).await?;
    let both = [&first, &second].map(|one| listener(&ctx, &server, one));
    both[1].warm_up().await?;
    let told = server.told_so_far();
    edit(&ctx, OTHER)?;
    both[1].hears(told, &uri(OTHER)).await?;
    fence(&both).await?;
    unchanged(&server, WATCHED)?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    edit(&ctx, OTHER)?;
    add_project(&ctx)?;
    both[0].hears(told, &uri(WATCHED)).await?;
    both[1].hears(told, &uri(OTHER)).await?;
    both[1].hears_of_list(told).await?;
    fence(&both).await?;
    let unasked = server.notices().into_iter().find(|notice| {
        let of_first = notice.updates(&uri(OTHER)) || notice.is_of_list();
        (first.owns(notice) && of_first) || (second.owns(notice) && notice.updates(&uri(WATCHED)))
    });
    if let Some(unasked) = unasked {
        return Err(wrong("A subscription hears of something that it has not asked for.")
            .sent("subscriptions/listen for one task, subscriptions/listen for another task and the list, then changes of all three")
            .expected("each change under the id of the subscription that has asked for it")
            .got(unasked.spoken())
            .into());
    }
    all_tagged(&server, &[&first, &second])
}

async fn falls_silent(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let (stops, stays) = (filter(&[WATCHED], true), filter(&[WATCHED], false));
    let stops = server.listen("stops", &stops).await?;
    let stays = server.listen("stays", &stays).await?;
    let staying = listener(&ctx, &server, &stays);
    listener(&ctx, &server, &stops).warm_up().await?;
    staying.warm_up().await?;
    server.unlisten(&stops).await?;
    // With this reply the server has read what came before it.
    server.request("server/discover", json!({})).await?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    staying.hears(told, &uri(WATCHED)).await?;
    // One notification may have been on its way when the client cancelled.
    fence(&[staying]).await?;
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    add_project(&ctx)?;
    staying.hears(told, &uri(WATCHED)).await?;
    fence(&[staying]).await?;
    // Whoever wrongly goes on telling may ask the feed on its own, and be a little later than the other.
    let late = |notice: &Notice| {
        stops.owns(notice) && (notice.updates(&uri(WATCHED)) || notice.is_of_list())
    };
    let moment = server.limits().scaled(MOMENT);
    match server.notice(told, moment, late).await {
        None => Ok(()),
        Some(late) => Err(
            wrong("A subscription is told of changes after it was cancelled.")
                .sent("subscriptions/listen, notifications/cancelled, then changes in the tracker")
                .expected("silence under the id of the cancelled subscription")
                .got(late.spoken())
                .into(),
        ),
    }
}

async fn frees_everything(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let asked = filter(&[WATCHED], false);
    for round in 0..ROUNDS {
        let subscription = server.listen(format!("round-{round}"), &asked).await?;
        server.unlisten(&subscription).await?;
    }
    let last = server.listen("last", &asked).await?;
    let listener = listener(&ctx, &server, &last);
    listener.warm_up().await?;
    fence(&[listener]).await?;
    let waiting = unanswered(tracker);
    let told = server.told_so_far();
    edit(&ctx, WATCHED)?;
    listener.hears(told, &uri(WATCHED)).await?;
    fence(&[listener]).await?;
    let notices = server.notices().into_iter();
    let count = notices
        .filter(|notice| notice.is_since(told) && notice.updates(&uri(WATCHED)))
        .count();
    let sent = format!(
        "{ROUNDS} × subscriptions/listen and notifications/cancelled, subscriptions/listen, then one change in the tracker"
    );
    ensure(count == 1, || {
        wrong("One change is told more than once.")
            .sent(&sent)
            .expected(format!(
                "one notifications/resources/updated {}",
                uri(WATCHED)
            ))
            .got(format!("{count} of them"))
    })?;
    // A request whose caller has hung up is never answered. The others were answered by the change.
    let left = unanswered(tracker);
    let alive = waiting
        .iter()
        .filter(|number| !left.contains(number))
        .count();
    ensure(alive <= WAITING, || {
        wrong("Subscriptions that were cancelled still ask the tracker for changes.")
            .sent(&sent)
            .expected("one request to the change feed that waits, or a few")
            .got("many requests that wait at the same time: GET /changes")
    })?;
    Ok(())
}

/// The numbers of the requests to the change feed that have no answer.
fn unanswered(tracker: &Tracker) -> Vec<u64> {
    let requests = tracker.requests("GET /changes").into_iter();
    let open = requests.filter(|request| request.status.is_none());
    open.map(|request| request.number).collect()
}

async fn outlives_a_gap(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let subscription = server.listen("gap", &filter(&[WATCHED], false)).await?;
    let one = listener(&ctx, &server, &subscription);
    one.warm_up().await?;
    fence(&[one]).await?;
    // The feed fails, and then no longer knows where the server was: what changes in between is lost.
    tracker.fault(Fault::on("GET /changes", Effect::Status { status: 503 }))?;
    tracker.fault(Fault::on("GET /changes", Effect::CursorExpired))?;
    let told = server.told_so_far();
    edit(&ctx, OTHER)?;
    let failed = |tracker: &Tracker| {
        let requests = tracker.requests("GET /changes");
        requests.iter().any(|request| request.status == Some(503))
    };
    tracker.wait_until(ctx.limits().request(), failed).await;
    edit(&ctx, WATCHED)?;
    let limit = ctx.limits().scaled(RECOVERS);
    one.hears_within(limit, told, &uri(WATCHED))
        .await
        .map_err(|stop| {
            stop.sent("a change that the server cannot see: the feed answers 503, then 410 `cursor-expired`")
                .note("Whoever does not know what was missed says of everything that it may be different.")
        })?;
    // It goes on after that, once the feed has told where it is now.
    let is_back = |tracker: &Tracker| {
        let requests = tracker.requests("GET /changes").into_iter();
        let mut after = requests.skip_while(|request| request.status != Some(410));
        after.any(|request| request.status == Some(200))
    };
    tracker.wait_until(ctx.limits().request(), is_back).await;
    one.warm_up().await?;
    fence(&[one]).await
}
