//! `checker talk`: what a person types and reads.

use std::io::Write;
use std::process::Stdio;

use crate::support::{checker, foreign_server};

/// Types lines, then leaves by the end of the input; returns what was shown, and the exit code.
fn talk(arguments: &[&str], typed: &str) -> (String, Option<i32>) {
    let mut child = checker(&[&["talk"], arguments].concat())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    // A server that is gone at once may end the program before it reads.
    let _ = input.write_all(typed.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("ends");
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        output.status.code(),
    )
}

fn answers(typed: &str) -> String {
    let (shown, code) = talk(&["--", foreign_server()], typed);
    assert_eq!(code, Some(0), "{shown}");
    let (_, answers) = shown
        .split_once("`help` shows what you can type.\n")
        .expect("the greeting ends so");
    answers.to_owned()
}

#[test]
fn it_introduces_the_server_and_its_tools() {
    let (shown, _) = talk(&["--", foreign_server()], "");
    assert!(
        shown.starts_with("connected to foreign-server 0.1.0, modern era\n"),
        "{shown}"
    );
    assert!(
        shown.contains("  greet — Greet somebody.\n      name  Who.\n      language (optional)"),
        "{shown}"
    );
}

#[test]
fn the_server_learns_who_talks_to_it() {
    for era in ["modern", "legacy"] {
        let (shown, _) = talk(&["--wire", "--era", era, "--", foreign_server()], "");
        assert!(
            shown.contains(r#"{"name":"workbook-talk","version":"0.1.0"}"#),
            "{shown}"
        );
    }
}

#[test]
fn arguments_are_words_or_json() {
    assert_eq!(answers("greet name=Ada language=de\n"), "Hallo, Ada!\n");
    assert_eq!(
        answers("greet name=\"Ada Lovelace\"\n"),
        "Hello, Ada Lovelace!\n"
    );
    assert_eq!(answers("greet {\"name\":\"Ada\"}\n"), "Hello, Ada!\n");
    assert_eq!(answers("call greet name='O\"Hara'\n"), "Hello, O\"Hara!\n");
}

#[test]
fn the_schema_decides_whether_a_number_is_text() {
    assert_eq!(answers("greet name=5\n"), "Hello, 5!\n");
    assert_eq!(answers("wait millis=5\n"), "waited 5 ms\n");
    assert_eq!(
        answers("wait millis=soon\n"),
        "tool error:\nmillis must be an integer from 0 to 10000\n"
    );
}

#[test]
fn what_cannot_be_done_is_told_and_the_talk_goes_on() {
    let shown = answers("paint\ngreet Ada\ngreet {\ngreet name=\"Ada\nread\ngreet name=Ada\n");
    assert!(shown.contains("no tool and no command `paint`"), "{shown}");
    assert!(
        shown.contains("`Ada` is no argument: write name=value"),
        "{shown}"
    );
    assert!(shown.contains("that is not JSON"), "{shown}");
    assert!(shown.contains("a quote \" is not closed"), "{shown}");
    assert!(shown.contains("read what?"), "{shown}");
    assert!(shown.ends_with("Hello, Ada!\n"), "{shown}");
}

#[test]
fn protocol_errors_are_told_as_such() {
    assert!(answers("resources\n").starts_with("protocol error -32601: "));
    let raw = answers("raw {\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\"}\n");
    assert!(raw.contains("\"id\": 9") && raw.contains("-32602"), "{raw}");
}

#[test]
fn quit_leaves_what_follows_unread() {
    assert_eq!(answers("quit\ngreet name=Ada\n"), "");
}

#[test]
fn the_wire_shows_both_directions() {
    let (shown, _) = talk(
        &["--wire", "--era", "legacy", "--", foreign_server()],
        "greet name=Ada\n",
    );
    assert!(
        shown.contains("--> {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\""),
        "{shown}"
    );
    assert!(
        shown.contains("<-- {\"jsonrpc\":\"2.0\",\"id\":3,\"result\""),
        "{shown}"
    );
}

#[test]
fn a_server_that_dies_is_told_with_its_last_words() {
    let (shown, code) = talk(
        &["--", foreign_server(), "--fault", "exit"],
        "greet name=Ada\n",
    );
    assert_eq!(code, Some(1));
    assert!(shown.contains("exit code 3"), "{shown}");
    assert!(shown.contains("cannot find the settings"), "{shown}");
}

#[test]
fn a_reader_who_leaves_ends_the_conversation() {
    let mut child = checker(&["talk", "--", foreign_server()])
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    drop(child.stdout.take());
    // More than one line: the first may still find the pipe open.
    let _ = input.write_all(b"help\nhelp\n");
    let ended = child.wait_with_output().expect("ends");
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert_eq!((ended.status.code(), &*complaint), (Some(0), ""));
    drop(input);
}
