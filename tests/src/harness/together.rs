//! Checks that leave no trace, one after the other on the same server.
//!
//! Starting and ending a server costs more than what such a check asks of it. The shortcut leads to a pass
//! alone: from the first check on that does not pass, each starts its own server, and that verdict counts.

use std::sync::Arc;
use std::time::Instant;

use verdict::{Era, Event, Outcome};

use super::check::Check;
use super::context::{Context, Subject};
use super::runner::{finished, millis_since};

/// Checks that may run on one server, side by side with other such groups. Never empty.
pub(super) type Group = Vec<Check>;

/// Puts checks that may share a server into one group; the others, and with `alone` all, have a group each.
pub(super) fn groups(checks: Vec<Check>, alone: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for check in checks {
        let shares = |group: &&mut Group| group.iter().all(|other| other.may_share_with(&check));
        match groups.iter_mut().find(shares) {
            Some(group) if !alone => group.push(check),
            _ => groups.push(vec![check]),
        }
    }
    groups
}

/// The events of the checks that pass on a common server, up to the first that does not.
pub(super) async fn pass(group: &[Check], only: Option<Era>, subject: &Arc<Subject>) -> Vec<Event> {
    let mut events = Vec::new();
    let [first, _, ..] = group else {
        return events;
    };
    let context = |era| Context::for_several(Arc::clone(subject), era, first.surroundings());
    let contexts = [context(Era::Modern), context(Era::Legacy)];
    for check in group {
        let began = Instant::now();
        if !passes(check, only, &contexts).await {
            break;
        }
        let millis = millis_since(began);
        events.push(finished(check.info(), millis, Outcome::Pass, Vec::new()));
    }
    for context in contexts {
        context.finish().await;
    }
    events
}

async fn passes(check: &Check, only: Option<Era>, contexts: &[Context]) -> bool {
    for context in contexts {
        let era = context.era();
        if !check.eras().contains(&era) || only.is_some_and(|only| only != era) {
            continue;
        }
        let limit = context.limits().scaled(check.limit());
        let verdict = tokio::time::timeout(limit, check.start(context.clone())).await;
        if !matches!(verdict, Ok(Ok(()))) {
            return false;
        }
    }
    true
}
