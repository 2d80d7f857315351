//! `checker record` over HTTP: heads are told with the messages, and what the server writes meanwhile.
//!
//! The process is a shell that says where it listens and passes on what a pipe brings; who answers is a thread of the test.

#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use reference_tests::harness::Caller;
use serde_json::{Value, json};

use crate::checker_record::{Recorded, record_with, who};

/// What a recorder needs of a server: where it listens, and lines on standard error.
const PROCESS: &str = r#"echo "listening on $ADDRESS" >&2; cat "$PIPE" >&2"#;
/// Time for a line to reach the recorder by way of the shell, before the reply does.
const ON_ITS_WAY: Duration = Duration::from_millis(200);

/// Answers one request, given its first line and its message: further headers, and the body.
type Answer = fn(&str, &Value) -> (&'static str, Value);

/// Records the steps of a script in this era, with a server that answers so.
fn record(era: &str, steps: &str, answer: Answer) -> Recorded {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let script = format!(
        "title = \"t\"\nserver = \"ch06-secured\"\nera = \"{era}\"\nhttp = true\n\
         env = {{ ADDRESS = \"http://{address}/mcp\", PIPE = {:?} }}\n{steps}",
        pipe.display().to_string(),
    );
    thread::spawn(move || serve(&listener, &pipe, answer));
    record_with(&script, &[], &["sh", "-c", PROCESS])
}

/// Answers one request after the other, and writes a line about each.
fn serve(listener: &TcpListener, pipe: &Path, answer: Answer) {
    let mut log: Option<File> = None;
    for visitor in listener.incoming() {
        // The shell reads as soon as somebody writes, and until nobody does.
        let log = log.get_or_insert_with(|| {
            let open = OpenOptions::new().write(true).open(pipe);
            open.expect("the pipe")
        });
        reply(visitor.expect("a connection"), log, answer);
    }
}

fn reply(visitor: TcpStream, log: &mut File, answer: Answer) {
    let mut reader = BufReader::new(visitor.try_clone().expect("a second handle"));
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).expect("a request");
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let message = serde_json::from_slice(&body).unwrap_or_default();
    let (headers, body) = answer(first.trim_end(), &message);
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    writeln!(log, "heard {}", first.trim_end()).expect("a reader");
    thread::sleep(ON_ITS_WAY);
    let (mut visitor, length) = (visitor, body.len());
    write!(
        visitor,
        "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .expect("the recorder waits");
}

fn recorded(era: &str, steps: &str, answer: Answer) -> Vec<(String, String)> {
    let (lines, errors, code) = record(era, steps, answer);
    assert_eq!(code, Some(0), "{errors}");
    lines
}

/// A result with the message that it answers.
fn echo(_: &str, message: &Value) -> (&'static str, Value) {
    let result =
        json!({"jsonrpc": "2.0", "id": message["id"], "result": {"heard": message["params"]}});
    ("Content-Type: application/json\r\n", result)
}

#[test]
fn a_request_is_told_with_its_head_and_so_is_the_reply_and_the_log_of_meanwhile() {
    let step = "[[step]]\nrequest = { method = \"tools/call\", params = { name = \"paint\" } }\n";
    let lines = recorded("modern", step, echo);
    assert_eq!(who(&lines), ["client", "server", "stderr"]);
    let (head, body) = lines[0].1.split_once("\n\n").expect("a head and a body");
    assert_eq!(
        head,
        format!(
            "POST /mcp HTTP/1.1\nHost: 127.0.0.1:<port>\nAuthorization: Bearer {}\n\
         Content-Type: application/json\nAccept: application/json, text/event-stream\n\
         MCP-Protocol-Version: 2026-07-28\nMcp-Method: tools/call\nMcp-Name: paint",
            Caller::Ada.token()
        )
    );
    assert!(body.starts_with(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"paint","_meta":{"#
    ));
    // What differs from run to run, and says nothing, is left out.
    let (head, body) = lines[1].1.split_once("\n\n").expect("a head and a body");
    assert_eq!(head, "HTTP/1.1 200 OK\ncontent-type: application/json");
    assert!(body.starts_with(r#"{"jsonrpc":"2.0","id":1,"result":{"heard":{"name":"paint""#));
    assert_eq!(lines[2].1, "heard POST /mcp HTTP/1.1");
}

#[test]
fn a_step_says_who_is_calling_and_changes_headers() {
    let request = "[[step]]\nrequest = { method = \"server/discover\" }\n";
    let steps = format!(
        "{request}caller = \"eve\"\n{request}caller = \"nobody\"\n\
         {request}headers = {{ Origin = \"https://evil.example\", Accept = \"\", Host = \"evil.example\" }}\n"
    );
    let lines = recorded("modern", &steps, echo);
    let requests: Vec<&str> = lines
        .iter()
        .filter(|(from, _)| from == "client")
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(requests[0].contains("\nAuthorization: Bearer static-token-of-eve-"));
    assert!(!requests[1].contains("Authorization"), "{}", requests[1]);
    assert!(requests[2].contains("\nHost: evil.example\n"));
    assert!(requests[2].contains("\nOrigin: https://evil.example\n"));
    assert!(!requests[2].contains("Accept"), "{}", requests[2]);
}

/// What the server gives out, and wants to have back.
const STATE: &str = "state-that-differs-from-run-to-run";

#[test]
fn what_differs_gets_a_name_and_a_hidden_step_is_not_told() {
    let steps = r#"
[[step]]
request = { method = "server/discover" }
show = false
[[step]]
request = { method = "a" }
names = { "<state>" = "/result/state" }
[[step]]
request = { method = "b", params = { state = "<state>" } }
"#;
    let answer: Answer = |_, message| {
        let right = message["params"]["state"] == STATE;
        let result = json!({"state": STATE, "right": right});
        (
            "",
            json!({"jsonrpc": "2.0", "id": message["id"], "result": result}),
        )
    };
    let lines = recorded("modern", steps, answer);
    assert_eq!(who(&lines), ["client", "server", "stderr"].repeat(2));
    assert!(lines.iter().all(|(_, text)| !text.contains(STATE)));
    assert!(lines[1].1.contains(r#"{"state":"<state>","right":false}"#));
    assert!(lines[3].1.contains(r#""params":{"state":"<state>","#));
    assert!(lines[4].1.contains(r#"{"state":"<state>","right":true}"#));
}

#[test]
fn a_path_is_asked_for_without_a_token() {
    let answer: Answer = |first, _| match first {
        "GET /.well-known/thing HTTP/1.1" => ("", json!({"there": true})),
        _ => ("", Value::Null),
    };
    let lines = recorded("modern", "[[step]]\nget = \"/.well-known/thing\"\n", answer);
    assert_eq!(
        lines[0].1,
        "GET /.well-known/thing HTTP/1.1\nHost: 127.0.0.1:<port>"
    );
    assert_eq!(lines[1].1, "HTTP/1.1 200 OK\n\n{\"there\":true}");
}

#[test]
fn a_legacy_conversation_is_opened_and_that_is_not_told() {
    let answer: Answer = |_, message| match message["method"].as_str() {
        Some("initialize") => ("Mcp-Session-Id: session-1\r\n", echo("", message).1),
        Some("notifications/initialized") => ("", Value::Null),
        _ => echo("", message),
    };
    let lines = recorded(
        "legacy",
        "[[step]]\nrequest = { method = \"ping\" }\n",
        answer,
    );
    assert_eq!(who(&lines), ["client", "server", "stderr"]);
    let head = &lines[0].1;
    assert!(
        head.contains("\nMCP-Protocol-Version: 2025-11-25\n"),
        "{head}"
    );
    assert!(head.contains("\nMcp-Session-Id: session-1\n"), "{head}");
    assert!(!head.contains("Mcp-Method"), "{head}");
}

#[test]
fn what_is_wrong_with_a_step_over_http_is_told() {
    for (step, words) in [
        ("close = true", "over HTTP a step is one of"),
        (
            "get = \"/\"\nrequest = { method = \"a\" }",
            "exactly one of",
        ),
        (
            "request = { method = \"a\" }\ncaller = \"zoe\"",
            "nobody is zoe",
        ),
        (
            "request = { method = \"a\" }\nnames = { \"<x>\" = \"/result/nothing\" }",
            "/result/nothing",
        ),
    ] {
        let (lines, errors, code) = record("modern", &format!("[[step]]\n{step}\n"), echo);
        assert_eq!((lines.len(), code), (0, Some(4)), "{step}");
        assert!(errors.contains(words), "{errors}");
    }
}

#[test]
fn a_server_that_does_not_listen_is_told() {
    let script = "title = \"t\"\nserver = \"ch06-secured\"\nera = \"modern\"\nhttp = true\n";
    let (lines, errors, code) = record_with(
        script,
        &[],
        &["sh", "-c", "echo 'no HTTP here' >&2; exit 2"],
    );
    assert_eq!((lines.len(), code), (0, Some(4)));
    assert!(errors.contains("does not say where it listens"), "{errors}");
}
