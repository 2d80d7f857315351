//! 2.4 Share state.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::board::tasks;
use crate::harness::{Check, Context, Opening, Verdict, ensure, short, wrong};

const EXERCISE: &str = "2.4";
const SOURCE: &str =
    "specification 2026-07-28, basic/index: requests may be in flight side by side";
/// How many bugs are reported at once.
const CALLS: usize = 100;
/// How long the given audit takes (× the time factor).
const AUDIT: Duration = Duration::from_millis(50);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("bugs-together", EXERCISE, together)
            .says("A hundred bugs reported at once are all stored, each under an id of its own, in time.")
            .why(
                "Calls run side by side and take turns at every `.await`. What was read before it may be old after it, \
                 and a lock held across it makes everybody wait.",
                SOURCE,
            ),
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
            crate::harness::Stop::Wrong(late) => late
                .sent(sent.clone())
                .expected(format!("{CALLS} replies, each within the request limit"))
                .note(format!("{answered} calls before it were answered in time."))
                .into(),
            other => other,
        })?;
        let id = reply.tool_success()?.string("id")?;
        *given.entry(id).or_default() += 1;
    }

    let twice: Vec<String> = given
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(id, _)| id.clone())
        .collect();
    ensure(twice.is_empty(), || {
        wrong("Two bugs got the same id.")
            .sent(sent.clone())
            .expected(format!("{CALLS} different ids"))
            .got(format!(
                "different ids: {}; given more than once: {}",
                given.len(),
                first_few(&twice)
            ))
    })?;
    let after = tasks(&server, "ATLAS").await?;
    let lost: Vec<String> = given
        .keys()
        .filter(|id| !after.contains_key(*id))
        .cloned()
        .collect();
    ensure(
        lost.is_empty() && after.len() == before.len() + CALLS,
        || {
            wrong("Bugs were reported and are not in the list.")
                .sent(format!("{sent}, then list_tasks"))
                .expected(format!(
                    "{} tasks, the {CALLS} new ones among them",
                    before.len() + CALLS
                ))
                .got(format!(
                    "{} tasks; missing: {}",
                    after.len(),
                    first_few(&lost)
                ))
        },
    )?;
    Ok(())
}

fn first_few(ids: &[String]) -> String {
    let some: Vec<String> = ids.iter().take(5).cloned().collect();
    match ids.len() {
        0..=5 => short::list(some),
        count => format!("{} and {} more", some.join(", "), count - some.len()),
    }
}
