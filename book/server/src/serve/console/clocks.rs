//! How long the server has taken for each call, the person's own time left out.

use std::collections::BTreeMap;
use std::time::Duration;

/// The open calls.
#[derive(Debug, Default)]
pub(super) struct Clocks(BTreeMap<u64, Clock>);

#[derive(Debug)]
struct Clock {
    limit: Duration,
    spent: Duration,
}

impl Clocks {
    /// A call begins. False if one of that number has not ended.
    pub(super) fn start(&mut self, call: u64, limit: Duration) -> bool {
        let spent = Duration::ZERO;
        let is_new = !self.0.contains_key(&call);
        self.0.entry(call).or_insert(Clock { limit, spent });
        is_new
    }

    /// A call has ended.
    pub(super) fn stop(&mut self, call: u64) {
        self.0.remove(&call);
    }

    /// Time has passed for the calls that wait for the server. Those that are over their limit, with it.
    pub(super) fn pass(
        &mut self,
        time: Duration,
        waits: impl Fn(u64) -> bool,
    ) -> Vec<(u64, Duration)> {
        let mut late = Vec::new();
        for (call, clock) in &mut self.0 {
            if waits(*call) {
                clock.spent += time;
            }
            if clock.spent > clock.limit {
                late.push((*call, clock.limit));
            }
        }
        late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_time_of_the_person_does_not_count() {
        let mut clocks = Clocks::default();
        assert!(clocks.start(1, SECOND) && clocks.start(2, 3 * SECOND));
        assert!(!clocks.start(1, SECOND), "it has not ended");
        assert_eq!(clocks.pass(10 * SECOND, |_| false), []);
        assert_eq!(clocks.pass(2 * SECOND, |_| true), [(1, SECOND)]);
        clocks.stop(1);
        assert_eq!(clocks.pass(2 * SECOND, |_| true), [(2, 3 * SECOND)]);
    }
}
