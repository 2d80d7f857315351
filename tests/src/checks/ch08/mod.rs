//! Chapter 8: the server of the specification.
//!
//! One check decides one criterion of `solutions/ch08-capstone/SPEC.md`, and has the name that the criterion gives it. A test
//! holds both lists against each other. What must be refused is part of the same check.

mod callers;
mod creating;
mod deleting;
mod draining;
mod importing;
mod limits;
mod moving;
mod notices;
mod package;
mod planning;
mod prompts;
mod reading;
mod replicas;
mod resources;
mod shared;
mod starting;
mod tokens;
mod tools;

use crate::harness::Check;

/// The one criterion in which the tracker takes whatever token it is shown.
const OPEN: &str = "ac-30-own-credential";

/// Says which criterion a check decides: `AC-05: …`.
fn numbered(check: Check) -> Check {
    let info = check.info();
    let criterion = info.check.get(..5).unwrap_or_default().to_uppercase();
    let says = format!("{criterion}: {}", info.says);
    check.says(&says)
}

/// The checks of this chapter, each with its tracker.
pub(super) fn checks() -> Vec<Check> {
    let groups = [
        starting::checks(),
        draining::checks(),
        tools::checks(),
        reading::checks(),
        creating::checks(),
        moving::checks(),
        planning::checks(),
        importing::checks(),
        deleting::checks(),
        resources::checks(),
        notices::checks(),
        prompts::checks(),
        tokens::checks(),
        callers::checks(),
        limits::checks(),
        package::checks(),
        replicas::checks(),
    ];
    let with_tracker = |check: Check| match check.info().check.as_str() {
        OPEN => check.with_open_tracker(),
        _ => check.with_tracker(),
    };
    let checks = groups.concat().into_iter();
    checks.map(with_tracker).map(numbered).collect()
}
