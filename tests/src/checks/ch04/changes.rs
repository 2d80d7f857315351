//! What the checks of 4.6 and 4.8 share: changing the tracker, and hearing of it.
//!
//! That something is *not* told is proven by an event. [`fence`] changes one more task, which the client wants to hear of,
//! and waits until it does: whatever was to be told before has been told then.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::task_uri;
use crate::harness::{Context, Notice, Server, Stop, Verdict, short, wrong};

const PROJECT: &str = "ATLAS";
/// The task that a check is about, and another one.
pub(super) const WATCHED: &str = "ATLAS-1";
pub(super) const OTHER: &str = "ATLAS-3";
/// Changed until the server tells of it: a subscription may be acknowledged a moment before it begins.
const FIRST: &str = "ATLAS-5";
/// Changed to prove that nothing else is on its way.
const FENCE: &str = "ATLAS-7";
/// So long a first change may take before there is one more (× the time factor).
const AGAIN: Duration = Duration::from_millis(40);

/// The address of a task.
pub(super) fn uri(task: &str) -> String {
    task_uri(PROJECT, task)
}

/// The addresses that every client of these checks asks for beside its own.
pub(super) fn helpers() -> [String; 2] {
    [uri(FIRST), uri(FENCE)]
}

/// Changes a task, as a colleague would.
pub(super) fn edit(ctx: &Context, task: &str) -> Verdict {
    let edited = ctx.tracker()?.edit_task(task, |task| task.points += 1);
    let missing = || Stop::Fault(format!("the tracker has no task {task}"));
    edited.then_some(()).ok_or_else(missing)
}

/// One who is told: a subscription of a modern connection, or, without an id, a legacy connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listener<'a> {
    pub(super) ctx: &'a Context,
    pub(super) server: &'a Server,
    pub(super) id: &'a Value,
}

impl Listener<'_> {
    /// Whether a notification is for this one.
    fn owns(&self, notice: &Notice) -> bool {
        notice.subscription() == self.id
    }

    /// Changes a task until this one hears of it, so that later changes are heard for sure.
    pub(super) async fn warm_up(&self) -> Verdict {
        let (began, limit) = (Instant::now(), self.server.limits().request());
        let told = self.server.told_so_far();
        let again = self.server.limits().scaled(AGAIN);
        while began.elapsed() < limit {
            edit(self.ctx, FIRST)?;
            let wanted = |notice: &Notice| self.owns(notice) && notice.updates(&uri(FIRST));
            if self.server.notice(told, again, wanted).await.is_some() {
                return Ok(());
            }
        }
        Err(self.unheard(told, &uri(FIRST)))
    }

    /// Demands that this one hears, after `told`, that a resource is different.
    pub(super) async fn hears(&self, told: usize, uri: &str) -> Verdict {
        self.hears_within(self.server.limits().request(), told, uri)
            .await
    }

    /// The same, for whoever needs more time.
    pub(super) async fn hears_within(&self, limit: Duration, told: usize, uri: &str) -> Verdict {
        let wanted = |notice: &Notice| self.owns(notice) && notice.updates(uri);
        match self.server.notice(told, limit, wanted).await {
            Some(_) => Ok(()),
            None => Err(self.unheard(told, uri)),
        }
    }

    /// Demands that this one hears, after `told`, that the list is different.
    pub(super) async fn hears_of_list(&self, told: usize) -> Verdict {
        let wanted = |notice: &Notice| self.owns(notice) && notice.is_of_list();
        let limit = self.server.limits().request();
        match self.server.notice(told, limit, wanted).await {
            Some(_) => Ok(()),
            None => Err(wrong("The client does not hear that the list has changed.")
                .sent("a new project in the tracker")
                .expected(self.named("notifications/resources/list_changed"))
                .got(heard(self.server, told))
                .into()),
        }
    }

    fn unheard(&self, told: usize, uri: &str) -> Stop {
        wrong("The client does not hear of a change that it has asked for.")
            .sent(format!("a change in the tracker that touches {uri}"))
            .expected(self.named(&format!("notifications/resources/updated {uri}")))
            .got(heard(self.server, told))
            .into()
    }

    /// A notification as it must be for this one.
    fn named(&self, notification: &str) -> String {
        match self.id {
            Value::Null => notification.to_owned(),
            id => format!("{notification} with subscriptionId {id}"),
        }
    }
}

/// Waits until each of these has heard of changes that were made after everything else. Twice: of changes that a server
/// fetches together, it may tell in any order.
pub(super) async fn fence(listeners: &[Listener<'_>]) -> Verdict {
    for _ in 0..2 {
        let mut told = Vec::new();
        for listener in listeners {
            told.push(listener.server.told_so_far());
        }
        let Some(first) = listeners.first() else {
            return Ok(());
        };
        edit(first.ctx, FENCE)?;
        for (listener, told) in listeners.iter().zip(told) {
            listener.hears(told, &uri(FENCE)).await?;
        }
    }
    Ok(())
}

/// Demands that nobody was told of this task, which has not changed yet.
pub(super) fn unchanged(server: &Server, task: &str) -> Verdict {
    let mut notices = server.notices().into_iter();
    match notices.find(|notice| notice.updates(&uri(task))) {
        None => Ok(()),
        Some(notice) => Err(
            wrong("A client is told of a resource that has not changed.")
                .sent(format!(
                    "changes in the tracker, none of which touches {}",
                    uri(task)
                ))
                .expected("notifications of what has changed, and of nothing else")
                .got(notice.spoken())
                .into(),
        ),
    }
}

/// What a server has told of resources after `told`, as a person says it. The first task is changed until something is
/// heard: how often that was tells nothing.
pub(super) fn heard(server: &Server, told: usize) -> String {
    let mut spoken: Vec<String> = Vec::new();
    for notice in server.notices() {
        let of_resources = notice.is_since(told) && notice.is_of_resources();
        let text = notice.spoken();
        if of_resources && !spoken.contains(&text) {
            spoken.push(text);
        }
    }
    match spoken.is_empty() {
        true => "no notification about resources".to_owned(),
        false => short::list(spoken),
    }
}
