//! How much of a server's output goes to the page: a flood stays outside.

use std::time::{Duration, Instant};

use super::wire::LONGEST_SHOWN;

/// What goes through after each thing that the person does, in bytes. A page can show no more at a time anyway.
pub(super) const ROOM: u64 = 2 * 1024 * 1024;
/// How often a page is told of what stays outside.
const PACE: Duration = Duration::from_millis(500);

/// Counts what goes through and what does not.
#[derive(Debug)]
pub(super) struct Gate {
    room: u64,
    outside: Outside,
    told: Instant,
}

/// What was not shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Outside {
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            room: ROOM,
            outside: Outside::default(),
            told: Instant::now(),
        }
    }

    /// The person has done something, and wants to see what comes of it.
    pub(super) fn open(&mut self) {
        self.room = ROOM;
    }

    /// Whether a line of this length may pass; if not, it is counted.
    pub(super) fn lets_through(&mut self, bytes: u64) -> bool {
        // Of a long line the beginning is shown; a line without a character costs something, too.
        let cost = bytes.min(LONGEST_SHOWN as u64) + 64;
        let passes = cost <= self.room;
        match passes {
            true => self.room -= cost,
            false => {
                self.room = 0;
                self.outside.lines += 1;
                self.outside.bytes += bytes;
            }
        }
        passes
    }

    /// What stayed outside since the last answer; none if nothing did, or if that was a moment ago.
    pub(super) fn outside(&mut self, at_once: bool) -> Option<Outside> {
        let due = at_once || self.told.elapsed() >= PACE;
        if !due || self.outside == Outside::default() {
            return None;
        }
        self.told = Instant::now();
        Some(std::mem::take(&mut self.outside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_until_the_person_does_something() {
        let mut gate = Gate::new();
        let mut shown = 0;
        while gate.lets_through(1000) {
            shown += 1000;
        }
        assert!(shown > ROOM / 2 && shown < ROOM, "{shown}");
        let nothing_more = "what follows is not shown without what it follows";
        assert!(!gate.lets_through(1), "{nothing_more}");
        let outside = Outside {
            lines: 2,
            bytes: 1001,
        };
        assert_eq!(gate.outside(true), Some(outside));
        assert_eq!(gate.outside(true), None);
        gate.open();
        assert!(gate.lets_through(1));
        assert!(gate.lets_through(10 * ROOM), "its beginning can be shown");
    }
}
