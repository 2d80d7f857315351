//! Checkers that do not do their work: never a verdict, always exit code 4 with what was seen.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

const PLAN: &str = r#"{"event":"plan","checks":[{"check":"a","exercise":"2.3","says":"A."},{"check":"b","exercise":"2.3","says":"B."}]}"#;
const A: &str = r#"{"event":"finished","check":"a","exercise":"2.3","millis":1,"outcome":"pass"}"#;
const B: &str = r#"{"event":"finished","check":"b","exercise":"2.3","millis":1,"outcome":"pass"}"#;
const DONE: &str = r#"{"event":"done"}"#;

/// Runs a checker that prints these lines and ends.
fn checker(lines: &[&str]) -> Result<Findings, Halt> {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("checker");
    let text: String = lines
        .iter()
        .map(|line| format!("echo '{line}'\n"))
        .collect();
    fs::write(&program, format!("#!/bin/sh\n{text}echo trouble >&2\n")).expect("is written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("can be set");
    let request = Request {
        chapter: "ch02".into(),
        ..Request::default()
    };
    let subject = Subject::default();
    run(
        &program,
        &request,
        &subject,
        &Cancel::default(),
        &mut |_| {},
    )
}

fn fault(lines: &[&str]) -> String {
    match checker(lines) {
        Err(Halt::Fault(error)) => format!("{error:#}"),
        other => panic!("not a fault: {other:?}"),
    }
}

#[test]
fn a_whole_stream_is_put_into_the_order_of_the_plan() {
    let findings = checker(&[PLAN, B, A, DONE]).expect("is whole");
    let names: Vec<_> = findings
        .results
        .iter()
        .map(|result| &result.check)
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_stream_that_is_cut_off_tells_what_was_seen() {
    let words = fault(&[PLAN, A]);
    assert!(words.contains("1 of 2 checks had ended"), "{words}");
    assert!(words.contains("trouble"), "{words}");
}

#[test]
fn zero_checks_and_checks_without_a_result_are_never_a_pass() {
    assert!(fault(&[DONE]).contains("no check"));
    assert!(fault(&[PLAN, A, DONE]).contains("without a result"));
}
