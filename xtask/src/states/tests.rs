use std::path::PathBuf;
use std::time::SystemTime;

use verdict::{CheckInfo, CheckResult, Failure, LEFT_FOR_LATER, Needs, Outcome};

use super::*;

fn info(check: &str, slow: bool) -> CheckInfo {
    CheckInfo {
        check: check.into(),
        exercise: "2.3".into(),
        says: String::new(),
        slow,
        needs: Needs::Wire,
    }
}

fn result(check: &str, outcome: Outcome) -> CheckResult {
    CheckResult {
        check: check.into(),
        exercise: "2.3".into(),
        millis: 1,
        outcome,
        wire: Vec::new(),
    }
}

fn left_out() -> Outcome {
    Outcome::LeftOut {
        reason: LEFT_FOR_LATER.into(),
    }
}

fn not_for_this_server() -> Outcome {
    Outcome::LeftOut {
        reason: "it looks at a crate".into(),
    }
}

fn fail() -> Outcome {
    Outcome::Fail {
        failure: Failure::default(),
    }
}

fn passed_before(checks: &[&str]) -> Last {
    Last {
        state: State::Ok,
        date: 0,
        region: "r".into(),
        krate: "k".into(),
        checker: "c".into(),
        passed: checks.iter().map(|&check| check.to_owned()).collect(),
    }
}

fn judged(outcomes: &[(bool, Outcome)], untouched: bool, same_crate: Option<&Last>) -> State {
    let infos: Vec<_> = (0..outcomes.len())
        .map(|n| info(&n.to_string(), outcomes[n].0))
        .collect();
    let results: Vec<_> = (0..outcomes.len())
        .map(|n| result(&n.to_string(), outcomes[n].1.clone()))
        .collect();
    let checks: Vec<_> = infos.iter().zip(&results).collect();
    of_running(&Evidence {
        checks: &checks,
        untouched,
        same_crate,
    })
}

#[test]
fn a_failing_check_of_an_untouched_exercise_is_no_mistake() {
    assert_eq!(judged(&[(false, fail())], true, None), State::NotStarted);
    assert_eq!(
        judged(&[(false, Outcome::Pass), (false, fail())], false, None),
        State::Wrong
    );
}

#[test]
fn a_slow_check_left_out_needs_its_pass_on_the_same_crate() {
    let run = [(false, Outcome::Pass), (true, left_out())];
    assert_eq!(judged(&run, false, None), State::NotRechecked);
    assert_eq!(judged(&run, false, Some(&passed_before(&["1"]))), State::Ok);
    assert_eq!(
        judged(&run, false, Some(&passed_before(&["0"]))),
        State::NotRechecked
    );
}

#[test]
fn what_no_check_can_judge_is_not_applicable_and_never_ok() {
    assert_eq!(
        judged(&[(false, left_out())], false, None),
        State::NotApplicable
    );
    assert_eq!(judged(&[], false, None), State::NotApplicable);
    // A slow check that could never run is not one that is left for later.
    let none = [
        (false, not_for_this_server()),
        (true, not_for_this_server()),
    ];
    assert_eq!(judged(&none, false, None), State::NotApplicable);
    assert_eq!(
        judged(&[(false, Outcome::Pass), (false, left_out())], false, None),
        State::Ok
    );
}

#[test]
fn a_fault_of_the_checker_is_never_a_verdict() {
    let fault = Outcome::Fault {
        message: String::new(),
    };
    assert_eq!(
        judged(&[(false, Outcome::Pass), (false, fault)], false, None),
        State::NotRechecked
    );
}

#[test]
fn a_verdict_holds_while_every_hash_is_the_same() {
    let standing = Standing {
        hash: "r".into(),
        untouched: false,
        path: PathBuf::new(),
        line: 1,
        more: Vec::new(),
        saved: SystemTime::UNIX_EPOCH,
    };
    let krate = Snapshot {
        whole: "k".into(),
        ..Snapshot::default()
    };
    let last = passed_before(&[]);
    assert_eq!(remembered(&standing, &krate, "c", Some(&last)), State::Ok);
    assert_eq!(
        remembered(&standing, &krate, "other", Some(&last)),
        State::NotRechecked
    );
    assert_eq!(
        remembered(&standing, &krate, "c", None),
        State::NotCheckedYet
    );
    let untouched = Standing {
        untouched: true,
        ..standing
    };
    assert_eq!(remembered(&untouched, &krate, "c", None), State::NotStarted);
}
