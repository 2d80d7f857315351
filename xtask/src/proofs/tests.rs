//! What a crate with answers to several exercises settles about each of them.

use super::*;

fn right() -> Files {
    Files::from([("src/server.rs".into(), b"first second\n".to_vec())])
}

fn edits() -> Vec<Edit> {
    vec![Edit {
        file: "src/server.rs".into(),
        find: "first".into(),
        replace: "1".into(),
    }]
}

fn info(check: &str, exercise: &str) -> CheckInfo {
    CheckInfo {
        check: check.into(),
        exercise: exercise.into(),
        says: String::new(),
        slow: false,
        needs: verdict::Needs::Wire,
    }
}

fn fails(what: &str) -> Outcome {
    let failure = Failure {
        what: what.into(),
        ..Failure::default()
    };
    Outcome::Fail { failure }
}

/// Check `own` and check `also` of exercise 2.1, and check `other` of exercise 2.2.
fn findings(own: Outcome, also: Outcome, other: Outcome) -> Findings {
    let plan = vec![
        info("own", "2.1"),
        info("also", "2.1"),
        info("other", "2.2"),
    ];
    let ended = |(info, outcome): (&CheckInfo, Outcome)| CheckResult {
        check: info.check.clone(),
        exercise: info.exercise.clone(),
        millis: 1,
        outcome,
        wire: Vec::new(),
    };
    let results = plan.iter().zip([own, also, other]).map(ended).collect();
    Findings { plan, results }
}

/// The message of the wrong answer if it is settled, where `No title.` is kept for it.
fn caught(findings: &Findings) -> Option<String> {
    let miss = NearMiss {
        check: "own".into(),
        name: "no title".into(),
        edits: edits(),
    };
    let statement = is_caught(&right(), &miss, &findings.plan);
    assert!(statement.answer.is_some(), "it may be tried with others");
    let is_kept =
        |about: &str, failure: &Failure| about == "own, no title" && failure.what == "No title.";
    let mut steps = statement.settled(findings, &is_kept)?;
    let step = steps.pop().expect("a step");
    assert!(steps.is_empty() && step.held.is_ok());
    step.caught.map(|(_, failure)| failure.what)
}

#[test]
fn a_wrong_answer_is_settled_by_its_own_check_and_the_kept_message() {
    let kept = || fails("No title.");
    let found = findings(kept(), Outcome::Pass, Outcome::Pass);
    assert_eq!(caught(&found).as_deref(), Some("No title."));
    // The others in the crate are caught as well.
    let found = findings(kept(), fails("No text."), fails("No date."));
    assert_eq!(caught(&found).as_deref(), Some("No title."));
}

#[test]
fn a_wrong_answer_that_looks_different_in_company_is_not_settled() {
    let kept = || fails("No title.");
    let fault = Outcome::Fault {
        message: "No title.".into(),
    };
    for own in [fails("No reply."), Outcome::Pass, fault] {
        assert_eq!(caught(&findings(own, kept(), kept())), None);
    }
}

/// Whether the tolerated answer is settled.
fn accepted(findings: &Findings) -> bool {
    let other = Tolerated {
        exercise: "2.1".into(),
        name: "another wording".into(),
        edits: edits(),
    };
    let statement = is_accepted(&right(), &other);
    assert!(statement.answer.is_some(), "it may be tried with others");
    statement.settled(findings, &|_, _| false).is_some()
}

#[test]
fn a_tolerated_answer_is_settled_by_all_of_its_exercise() {
    let pass = || Outcome::Pass;
    assert!(accepted(&findings(pass(), pass(), pass())));
    assert!(accepted(&findings(pass(), pass(), fails("No date."))));
    assert!(!accepted(&findings(pass(), fails("No text."), pass())));
    assert!(!accepted(&Findings::default()), "no check is no pass");
}

#[test]
fn an_edit_that_does_not_fit_is_told_and_never_made_with_others() {
    let mut miss = NearMiss {
        check: "own".into(),
        name: "no title".into(),
        edits: edits(),
    };
    let why = |miss: &NearMiss, plan: &[CheckInfo]| {
        let statement = is_caught(&right(), miss, plan);
        assert!(statement.answer.is_none());
        statement.files.expect_err("cannot be tried")
    };
    assert_eq!(why(&miss, &[]), "there is no check of this name");
    miss.edits[0].find = "gone".into();
    let words = why(&miss, &[info("own", "2.1")]);
    assert!(words.contains("does not fit"), "{words}");
}
