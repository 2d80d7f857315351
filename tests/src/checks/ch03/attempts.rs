//! What arrived at the tracker when a task was to be made.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value, json};
use tracker::Tracker;

use crate::harness::{Reply, Stop, ToolResult, Verdict, Wrong, ensure, short, wrong};

/// Where tasks are made.
pub(super) const ROUTE: &str = "POST /tasks";
/// A project without tasks: whatever is in it was made by the check.
const PROJECT: &str = "CEDAR";

/// The arguments of `create_task`.
pub(super) fn new_task() -> Value {
    json!({"project": PROJECT, "title": "Water the plants"})
}

/// The call with what is special about it, as a person says it.
pub(super) fn sent(special: &str) -> String {
    format!(
        "tools/call create_task {}, {special}",
        short::json(&new_task())
    )
}

/// The ids of the tasks that were made.
pub(super) fn made(tracker: &Tracker) -> Vec<String> {
    let all = tracker.tasks().into_iter();
    all.filter(|task| task.project == PROJECT)
        .map(|task| task.id)
        .collect()
}

/// The requests by which a server tried to make a task, in order.
pub(super) struct Attempts {
    /// When each arrived, since the start of the tracker.
    pub(super) at: Vec<Duration>,
    keys: Vec<Option<String>>,
}

impl Attempts {
    /// Those that have arrived so far.
    pub(super) fn at(tracker: &Tracker) -> Self {
        let requests = tracker.requests(ROUTE);
        Self {
            at: requests.iter().map(|request| request.at).collect(),
            keys: requests
                .into_iter()
                .map(|request| request.idempotency_key)
                .collect(),
        }
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.keys.len()
    }

    /// Whether each of them has an idempotency key.
    pub(super) fn all_have_keys(&self) -> bool {
        self.keys.iter().all(Option::is_some)
    }

    /// How many different idempotency keys.
    pub(super) fn different_keys(&self) -> usize {
        self.keys.iter().flatten().collect::<BTreeSet<_>>().len()
    }

    /// As a person says it: `3 attempts with 2 different keys`.
    pub(super) fn spoken(&self) -> String {
        let keys = match (self.count(), self.different_keys()) {
            (0, _) => return format!("no request {ROUTE}"),
            _ if !self.all_have_keys() => "without Idempotency-Key".to_owned(),
            (1, _) => "with a key".to_owned(),
            (_, 1) => "with one key".to_owned(),
            (_, keys) => format!("with {keys} different keys"),
        };
        match self.count() {
            1 => format!("1 attempt {keys}"),
            count => format!("{count} attempts {keys}"),
        }
    }

    /// Demands so many attempts under one key, and one task; `too_few` says what fewer attempts mean.
    pub(super) fn made_one_task(
        &self,
        due: RangeInclusive<usize>,
        too_few: &str,
        tracker: &Tracker,
        reply: &Reply,
        sent: &str,
    ) -> Verdict {
        let count = self.count();
        let one_key = self.different_keys() == 1 && self.all_have_keys();
        ensure(due.contains(&count) && one_key, || {
            let what = match count {
                _ if count < *due.start() => too_few,
                _ if count > *due.end() => "The server tried too often.",
                _ if self.all_have_keys() => {
                    "The attempts of one call had different idempotency keys."
                }
                _ => "An attempt came without an idempotency key.",
            };
            wrong(what)
                .sent(sent)
                .expected(format!(
                    "{} attempts{} with one and the same Idempotency-Key",
                    due.start(),
                    if due.start() < due.end() {
                        " or more"
                    } else {
                        ""
                    }
                ))
                .got(self.spoken())
        })?;
        tells_of_the_task(tracker, reply).map_err(|wrong| Stop::from(wrong.sent(sent)))
    }
}

/// Demands that the reply tells of the one task that was made.
fn tells_of_the_task(tracker: &Tracker, reply: &Reply) -> Result<(), Wrong> {
    let result: ToolResult<'_> = reply.tool_success()?;
    let (id, made) = (result.string("id")?, made(tracker));
    ensure(made == [id.clone()], || {
        result
            .wrong("The call did not make exactly the task that it tells of.")
            .expected(format!("one new task, {id}"))
            .got(format!("new tasks: {}", short::list(made)))
    })
}
