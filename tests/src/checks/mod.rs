//! The checks, one module an exercise.

mod ch01;
mod ch02;
mod ch03;
mod ch04;
mod ch05;
mod ch06;
mod ch07;
mod ch08;

use crate::harness::Check;

/// All checks, in the order of the curriculum.
pub fn all() -> Vec<Check> {
    let by_themselves = [ch01::checks(), ch02::checks()].concat();
    // From chapter 3 on the servers are clients of the tracker.
    let with_tracker = [ch03::checks(), ch04::checks(), ch05::checks()].concat();
    let with_tracker = with_tracker.into_iter().map(Check::with_tracker);
    // Which token arrives there is what chapter 6 is about.
    let with_open_tracker = ch06::checks().into_iter().map(Check::with_open_tracker);
    let of_tests = ch07::checks().into_iter().map(Check::with_tracker);
    by_themselves
        .into_iter()
        .chain(with_tracker)
        .chain(with_open_tracker)
        .chain(of_tests)
        .chain(ch08::checks())
        .collect()
}
