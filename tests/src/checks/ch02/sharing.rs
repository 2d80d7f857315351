//! 2.4 Share state.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use super::board::tasks;
use crate::harness::{Check, Context, Opening, Stop, Verdict, ensure, wrong};

const EXERCISE: &str = "2.4";
const SOURCE: &str =
    "specification 2026-07-28, basic/index: requests may be in flight side by side";
/// How many bugs are reported at once.
const CALLS: usize = 100;
/// How long the given audit takes (× the time factor).
const AUDIT: Duration = Duration::from_millis(50);
/// How long it takes while somebody looks at the board. The later ones are for machines on which a look takes longer than
/// the first; the last is longer than any reply may take.
const LONG_AUDITS: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(3),
];
/// Time for a call beside its audit.
const BESIDE: Duration = Duration::from_secs(2);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("bugs-together", EXERCISE, together)
            .says("A hundred bugs reported at once are all stored, each under an id of its own, in time.")
            .why(
                "Calls run side by side and take turns at every `.await`. What was read before it may be old after it, \
                 and a lock held across it makes everybody wait.",
                SOURCE,
            )
            .waits(),
        Check::new("audit-first", EXERCISE, audit_first)
            .says("A bug is not on the board before the audit log knows of it.")
            .why(
                "What may follow only once something else has ended goes behind its `.await`. While the call waits there, \
                 the board looks to everybody else as if it had not begun.",
                SOURCE,
            )
            .waits(),
    ]
}

async fn together(ctx: Context) -> Verdict {
    let audit = ctx.limits().scaled(AUDIT).as_millis().to_string();
    let server = ctx
        .server()
        .env("AUDIT_MS", audit)
        .start(Opening::Usual)
        .await?;
    let before = tasks(&server, "ATLAS").await?;
    let sent = format!("{CALLS} calls of `report_bug` at once");

    let mut open = Vec::new();
    for number in 1..=CALLS {
        let arguments = json!({"project": "ATLAS", "title": format!("Bug {number}")});
        open.push(server.begin_call("report_bug", arguments).await?);
    }
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for (answered, call) in open.into_iter().enumerate() {
        let reply = call.reply().await.map_err(|stop| match stop {
            Stop::Wrong(late) => late
                .sent(sent.clone())
                .expected(format!("{CALLS} replies, each within the request limit"))
                .note(format!("{answered} calls before it were answered in time."))
                .into(),
            other => other,
        })?;
        let id = reply.tool_success()?.string("id")?;
        *given.entry(id).or_default() += 1;
    }

    if let Some((id, _)) = given.iter().find(|(_, count)| **count > 1) {
        // How many share it depends on the moment.
        return Err(wrong("Two bugs got the same id.")
            .sent(sent)
            .expected(format!("{CALLS} different ids"))
            .got(format!("{id} more than once"))
            .into());
    }
    let after = tasks(&server, "ATLAS").await?;
    let lost = given.keys().find(|id| !after.contains_key(*id));
    let due = before.len() + CALLS;
    ensure(lost.is_none() && after.len() == due, || {
        let (what, got) = match lost {
            Some(id) => (
                "Bugs were reported and are not in the list.",
                format!("a list without {id}, for one"),
            ),
            None => (
                "The list does not hold one task for each bug.",
                format!("{} tasks", after.len()),
            ),
        };
        wrong(what)
            .sent(format!("{sent}, then list_tasks"))
            .expected(format!("{due} tasks, the {CALLS} new ones among them"))
            .got(got)
    })?;
    Ok(())
}

async fn audit_first(ctx: Context) -> Verdict {
    for audit in LONG_AUDITS {
        if looks_in_between(&ctx, ctx.limits().scaled(audit)).await? {
            break;
        }
    }
    Ok(())
}

/// Looks at the board while a call waits for its audit. The result is whether the look says anything: one that came too
/// late finds the bug there with every right.
async fn looks_in_between(ctx: &Context, audit: Duration) -> Verdict<bool> {
    const TITLE: &str = "The sign-in screen forgets the name";
    let server = ctx
        .server()
        .env("AUDIT_MS", audit.as_millis().to_string())
        .start(Opening::Usual)
        .await?;
    let arguments = json!({"project": "ATLAS", "title": TITLE});
    let began = Instant::now();
    let call = server.begin_call("report_bug", arguments).await?;
    // Two requests may overtake each other: this lets the call get as far as its audit.
    tokio::time::sleep(audit / 4).await;
    let listed = tasks(&server, "ATLAS").await?;
    // The audit began after this clock did: until it shows so much, no call has come past its audit.
    let in_time = began.elapsed() < audit;
    let stored = listed.values().any(|task| task["title"] == TITLE);
    let sent = "report_bug, and list_tasks while it waits for the audit log";
    ensure(!(in_time && stored), || {
        wrong("The bug was on the board before the audit log knew of it.")
            .sent(sent)
            .expected("a list without the new task, until `audit` has ended")
            .got("a list with it")
    })?;
    let limit = audit + ctx.limits().scaled(BESIDE);
    let reply = call.within(limit).reply().await?;
    let took = began.elapsed();
    reply.tool_success()?;
    ensure(took.as_millis() >= audit.as_millis(), || {
        wrong("The call did not wait for the audit log.")
            .sent(reply.sent())
            .expected("a reply after `audit` has ended, which AUDIT_MS makes longer")
            .got("a reply before that")
    })?;
    Ok(in_time || !stored)
}
