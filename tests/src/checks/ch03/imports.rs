//! What the checks of 3.4 and 3.5 ask of the tracker's imports.

use std::time::Duration;

use serde_json::{Value, json};
use tracker::Tracker;

use crate::harness::{Context, Pending, Reply, Verdict, short};

/// How long a server may take until the tracker hears of it (× the time factor).
const HEARD: Duration = Duration::from_secs(4);

/// How long the call may take, which waits for what the check does meanwhile (× the time factor).
const CALL: Duration = Duration::from_secs(8);

/// How long a check with such a call may take.
pub(super) const CHECK: Duration = Duration::from_secs(20);

/// The arguments of `import_tasks`.
pub(super) fn import(rows: u64) -> Value {
    json!({"project": "CEDAR", "rows": rows})
}

/// The call, as a person says it.
pub(super) fn sent_import(rows: u64) -> String {
    format!("tools/call import_tasks {}", short::json(&import(rows)))
}

/// The reply to such a call.
///
/// # Errors
/// There is none in time.
pub(super) async fn reply_to(ctx: &Context, call: Pending) -> Verdict<Reply> {
    call.within(ctx.limits().scaled(CALL)).reply().await
}

/// Waits until so many imports run at the tracker. False if they do not in time.
pub(super) async fn started(ctx: &Context, tracker: &Tracker, count: usize) -> bool {
    let limit = ctx.limits().scaled(HEARD);
    let there = |tracker: &Tracker| tracker.imports().len() >= count;
    tracker.wait_until(limit, there).await
}

/// Waits until the tracker was asked so many times more about each import. False if it was not in time.
pub(super) async fn asked(ctx: &Context, tracker: &Tracker, times: usize) -> bool {
    let limit = ctx.limits().scaled(HEARD);
    let questions = |tracker: &Tracker| -> Vec<usize> {
        let requests = tracker.requests("GET /imports/{import}");
        let about = |id: &str| {
            let path = format!("/imports/{id}");
            requests.iter().filter(|entry| entry.path == path).count()
        };
        tracker
            .imports()
            .iter()
            .map(|import| about(&import.id))
            .collect()
    };
    let before = questions(tracker);
    let there = |tracker: &Tracker| {
        let now = questions(tracker);
        now.iter()
            .zip(&before)
            .all(|(now, before)| *now >= before + times)
    };
    tracker.wait_until(limit, there).await
}
