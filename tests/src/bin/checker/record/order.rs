//! The order in which a recording tells what was said: the same in every run, though replies may overtake each other.

use serde_json::Value;
use verdict::{From, WireLine};

/// Replies that come closer together than this, in microseconds, have no order worth telling.
const BURST: u64 = 100_000;

/// The lines in the order of telling: what was sent, the replies, the log, the end.
pub(super) fn in_order(lines: Vec<WireLine>) -> Vec<WireLine> {
    let (replies, others): (Vec<_>, Vec<_>) = lines
        .into_iter()
        .partition(|line| line.from == From::Server);
    let (before, after): (Vec<_>, Vec<_>) = others.into_iter().partition(is_before_replies);
    let (log, end): (Vec<_>, Vec<_>) = after
        .into_iter()
        .partition(|line| line.from == From::Stderr);
    [before, sorted_in_bursts(replies), log, end].concat()
}

fn is_before_replies(line: &WireLine) -> bool {
    match line.from {
        From::Client => true,
        From::Process => line.text.contains("input closed"),
        From::Server | From::Stderr | From::Tracker => false,
    }
}

/// Replies that came at about the same time are sorted by id; those that came apart stay as they came.
fn sorted_in_bursts(lines: Vec<WireLine>) -> Vec<WireLine> {
    let mut bursts: Vec<Vec<WireLine>> = Vec::new();
    for line in lines {
        match bursts.last_mut() {
            Some(burst)
                if burst
                    .last()
                    .is_some_and(|last| line.micros < last.micros + BURST) =>
            {
                burst.push(line);
            }
            _ => bursts.push(vec![line]),
        }
    }
    bursts.iter_mut().for_each(|burst| sort_by_id(burst));
    bursts.concat()
}

/// Sorts by id, numbers first. What has no id, such as a notification, goes before the replies.
fn sort_by_id(lines: &mut [WireLine]) {
    lines.sort_by_key(|line| {
        let message: Value = serde_json::from_str(&line.text).unwrap_or_default();
        let id = &message["id"];
        (
            id.is_string(),
            id.as_u64().unwrap_or(0),
            id.as_str().unwrap_or_default().to_owned(),
        )
    });
}
