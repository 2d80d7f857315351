//! The checker as a program: its events, its exit codes, and its end.

use std::process::Stdio;

use verdict::{CheckInfo, CheckResult, Event, Outcome};

use crate::support::{
    Faulty, checker, exit_code, failure, foreign_server, is_alive, output, pids, wait_until,
};

fn events(stdout: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stdout);
    text.lines()
        .map(|line| serde_json::from_str(line).expect("an event a line"))
        .collect()
}

/// The parts of a whole stream: a plan, results, and the end.
fn parts(stdout: &[u8]) -> (Vec<CheckInfo>, Vec<CheckResult>) {
    let mut events = events(stdout);
    assert_eq!(events.pop(), Some(Event::Done));
    let Event::Plan { checks } = events.remove(0) else {
        panic!("the plan comes first");
    };
    let results = events.into_iter().map(|event| match event {
        Event::Finished(result) => result,
        other => panic!("{other:?} among the results"),
    });
    (checks, results.collect())
}

#[test]
fn the_events_are_a_plan_the_results_and_the_end() {
    let arguments = [
        "check",
        "--chapter",
        "ch02",
        "--exercise",
        "2.1",
        "--wire",
        "--",
        foreign_server(),
    ];
    let output = output(&mut checker(&arguments));
    assert_eq!(output.status.code(), Some(0));
    let (plan, results) = parts(&output.stdout);
    let planned: Vec<&str> = plan.iter().map(|check| check.check.as_str()).collect();
    assert_eq!(
        planned,
        [
            "list-projects-listed",
            "list-projects-answers",
            "given-tools-stay"
        ]
    );
    assert_eq!(results.len(), 3);
    assert!(
        results
            .iter()
            .all(|result| result.outcome == Outcome::Pass && !result.wire.is_empty())
    );
}

#[test]
fn what_a_failing_server_is_told() {
    let arguments = [
        "check",
        "--check",
        "identity-title",
        "--",
        foreign_server(),
        "--fault",
        "silent",
    ];
    let output = output(checker(&arguments).env("WORKBOOK_TIME_FACTOR", "0.1"));
    // The stream is complete: that a check failed is told in it.
    assert_eq!(output.status.code(), Some(0));
    let (_, results) = parts(&output.stdout);
    let told = serde_json::to_value(failure(&results[0])).expect("serialises");
    let expected = serde_json::json!({
        "what": "The server did not answer server/discover.",
        "era": "modern",
        "sent": "server/discover",
        "expected": "one reply with the id of the request",
        "got": "no reply in 200 ms",
        "why": "A list of servers shows the title; without one, it has to show the name of a program.",
        "source": "specification 2026-07-28, server/discover",
    });
    assert_eq!(told, expected);
}

#[test]
fn what_does_not_fit_the_server_is_left_out_with_the_reason() {
    let arguments = [
        "check",
        "--chapter",
        "ch01",
        "--skip-slow",
        "--era",
        "legacy",
        "--",
        foreign_server(),
    ];
    let output = output(&mut checker(&arguments));
    let (plan, results) = parts(&output.stdout);
    assert_eq!(plan.len(), results.len());
    let reason = |name: &str| {
        let result = results
            .iter()
            .find(|result| result.check == name)
            .expect("has a result");
        match &result.outcome {
            Outcome::LeftOut { reason } => reason.clone(),
            other => panic!("{name}: {other:?}"),
        }
    };
    assert_eq!(
        reason("identity-discover"),
        "it is not about the legacy era"
    );
    assert!(reason("journal-once").contains("journal of chapter 1"));
    assert_eq!(reason("ends-with-input"), "slow");
}

#[test]
fn the_end_of_its_input_ends_the_checker_and_its_servers() {
    ends_with_its_servers(|child| drop(child.stdin.take()));
}

#[cfg(unix)]
#[test]
fn sigterm_ends_the_checker_and_its_servers() {
    ends_with_its_servers(|child| {
        let kill = format!("kill -TERM {}", child.id());
        let status = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(status.is_ok_and(|status| status.success()));
    });
}

fn ends_with_its_servers(end: impl FnOnce(&mut std::process::Child)) {
    let faulty = Faulty::new(None, 1.0);
    let arguments = [
        "check",
        "--check",
        "identity-title",
        "--",
        foreign_server(),
        "--fault",
        "silent",
    ];
    let mut child = checker(&arguments)
        .env("PID_FILE", faulty.pid_file())
        .env("WORKBOOK_TIME_FACTOR", "100")
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let mut running = Vec::new();
    wait_until("a server runs", || {
        running = pids(&faulty.pid_file());
        !running.is_empty()
    });
    assert!(is_alive(running[0]));
    end(&mut child);
    // The stream was cut off, so this is no success.
    assert_eq!(exit_code(&mut child), Some(4));
    faulty.nobody_is_left(1);
}

#[test]
fn wrong_usage_is_told_as_such() {
    let cases: [(&[&str], &str); 9] = [
        (&[], "say what to do"),
        (&["chekc"], "there is no verb \"chekc\""),
        (&["check"], "name the server's command after `--`"),
        (
            &["check", "--check", "nope", "--", "x"],
            "there is no check \"nope\"",
        ),
        (
            &["check", "--exercise", "9.9", "--", "x"],
            "no check for exercise \"9.9\"",
        ),
        (
            &["check", "--chapter", "ch02", "--exercise", "1.1", "--", "x"],
            "no check fits",
        ),
        (
            &["check", "--era", "old", "--", "x"],
            "there is no era \"old\"",
        ),
        (&["check", "--env", "A", "--", "x"], "lacks its `=`"),
        (&["record", "--", "x"], "name the recording script"),
    ];
    for (arguments, words) in cases {
        let output = output(&mut checker(arguments));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_list_is_one_plan() {
    let output = output(&mut checker(&["list"]));
    assert_eq!(output.status.code(), Some(0));
    let events = events(&output.stdout);
    assert!(
        matches!(&events[..], [Event::Plan { checks }] if checks.len() > 40),
        "{}",
        events.len()
    );
}
