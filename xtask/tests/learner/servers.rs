//! Servers that misbehave, given as commands: every one gets a verdict, none can hang or flood.

use std::time::{Duration, Instant};

use crate::fixture::{Said, command, untouched, wait};

/// Checks 2.1 against a shell script.
fn check(script: &str) -> Said {
    untouched();
    let began = Instant::now();
    let said =
        wait(command(&["check", "2.1", "--", "sh", "-c", script]).env("WORKBOOK_TIME_FACTOR", "1"));
    assert!(began.elapsed() < Duration::from_secs(60), "{said:?}");
    said.exits(1).says(&["x   2.1", "expected", "got", "why"])
}

#[test]
fn a_server_that_exits_at_once() {
    check("exit 7").says(&["7"]);
}

#[test]
fn a_server_that_never_answers() {
    check("sleep 600").says(&["no reply"]);
}

#[test]
fn a_server_that_floods_standard_output() {
    check("yes 'nothing of interest'").says(&["nothing of interest"]);
}

#[test]
fn a_server_that_writes_half_a_line() {
    check("printf '{\"jsonrpc\":'; sleep 600").says(&["no reply"]);
}

#[test]
fn a_server_that_ignores_sigterm() {
    check("trap '' TERM; while true; do sleep 1; done").says(&["no reply"]);
}

#[test]
fn a_server_that_writes_escape_codes() {
    // `exits` asserts that none reaches the pipe.
    check("printf '\\033[2J\\n'; sleep 600");
}

#[test]
fn a_command_that_is_not_there_is_told_once() {
    untouched();
    let said = wait(&mut command(&[
        "check",
        "ch02",
        "--",
        "no-such-server",
        "x",
    ]))
    .exits(2);
    assert_eq!(said.stdout, "");
    assert_eq!(said.stderr.matches("no-such-server").count(), 1, "{said:?}");
    said.says(&["is it spelt right, and installed?"]);
}

#[test]
fn a_file_that_is_no_command_is_told_with_what_to_type() {
    untouched();
    wait(&mut command(&["check", "ch02", "--", "README.md"]))
        .exits(2)
        .says(&["the file in this folder is called ./README.md"]);
    wait(&mut command(&["check", "ch02", "--", "./README.md"]))
        .exits(2)
        .says(&["may not be executed"]);
    wait(&mut command(&["check", "ch02", "--", "./server.py"]))
        .exits(2)
        .says(&["there is no file ./server.py"]);
}

#[test]
fn what_needs_the_crate_is_not_applicable_and_never_a_pass() {
    untouched();
    wait(&mut command(&["check", "1.3", "--", "sh", "-c", "exit 0"]))
        .exits(2)
        .says(&["-   1.3", "not applicable"]);
}

#[test]
fn what_needs_more_than_the_wire_is_named_and_the_rest_is_judged() {
    untouched();
    wait(&mut command(&["check", "1.6", "--", "sh", "-c", "exit 1"]))
        .exits(1)
        .says(&["x   1.6", "not checked in full: it reads the journal"]);
}
