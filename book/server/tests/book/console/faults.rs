//! Servers that crash, hang, flood and stay, and what is left of them: nothing.

use std::fs;

use serde_json::{Value, json};

use super::support::{Console, serve, shared};
#[cfg(unix)]
use super::support::{is_alive, until_gone};

#[test]
fn a_call_that_hangs_ends_at_its_limit_or_when_it_is_taken_back() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let call = console.begin("hang", 1);
    let reply = console.end_of(call);
    assert_eq!(
        reply["why"],
        "No reply within 1 s; the call was taken back."
    );
    let call = console.begin("hang", 600);
    assert_eq!(console.post("cancel", json!({"call": call})).status, 200);
    console.wire("taken back by the person");
    assert_eq!(console.end_of(call)["why"], "You took it back.");
    assert_eq!(console.post("cancel", json!({"call": call})).status, 409);
    assert_eq!(console.call("greet"), "hello", "the server is still there");
}

#[test]
fn a_crash_ends_the_call_and_the_server_can_be_started_again() {
    let server = serve(shared());
    let mut console = Console::start(&server, "legacy");
    let call = console.begin("crash", 60);
    console.wire("about to crash");
    let reply = console.end_of(call);
    assert_eq!(reply["why"], "The server ended before it replied.");
    let ended = console.wait("ended");
    assert_eq!(ended["status"], "exit code 3");
    assert_eq!(ended["asked"], false);

    let call = console.ask("tools/list", json!({}), 60);
    let reply = console.end_of(call);
    assert_eq!(reply["why"], "The server is not running. Start it again.");

    assert_eq!(console.post("restart", json!({})).status, 200);
    console.wait("opened");
    assert_eq!(console.call("greet"), "hello");
}

#[test]
fn of_a_flood_the_beginning_is_shown_the_rest_counted_and_the_reply_found() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let call = console.begin("flood", 600);
    let reply = console.end_of(call);
    assert_eq!(reply["result"]["content"][0]["text"], "flooded");
    let count = |kind: &str, of: &dyn Fn(&Value) -> u64| -> u64 {
        let events = console.heard.iter().filter(|event| event["event"] == kind);
        events.map(of).sum()
    };
    let shown = count("wire", &|line| {
        line["text"].as_str().map_or(0, str::len) as u64
    });
    let skipped = count("skipped", &|event| {
        event["bytes"].as_u64().unwrap_or_default()
    });
    assert!(shown < 3 * 1024 * 1024, "{shown} bytes are shown");
    assert!(
        shown + skipped >= 100 * 1023 * 1024,
        "{shown} and {skipped}"
    );
    assert_eq!(
        console.call("greet"),
        "hello",
        "what follows is shown again"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_flood_does_not_fill_the_memory() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    assert_eq!(console.call("flood"), "flooded");
    assert_eq!(console.call("one-line"), "written");
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id()))
        .expect("the server's figures can be read");
    let peak: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .and_then(|kilobytes| kilobytes.trim().parse().ok())
        .expect("the peak is told");
    assert!(peak < 250 * 1024, "{peak} kB");
}

#[test]
fn an_endless_line_is_cut_and_strange_bytes_are_shown_as_such() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let call = console.begin("one-line", 600);
    let line = console.wire("yyyy");
    let shown = line["text"].as_str().expect("text").len() as u64;
    assert_eq!(shown, 256 * 1024);
    assert_eq!(
        shown + line["left_out"].as_u64().expect("a number"),
        20 * 1024 * 1024
    );
    assert_eq!(console.end_of(call)["outcome"], "result");

    let call = console.begin("broken", 60);
    let (mut stray, mut bytes) = (None, None);
    while stray.is_none() || bytes.is_none() {
        let line = console.wait("wire");
        match line["from"].as_str() {
            Some("stderr") => bytes = Some(line),
            Some("server") => stray = stray.or(Some(line)),
            _ => {}
        }
    }
    let bytes = bytes.expect("was seen");
    assert_eq!(
        (&bytes["text"], &bytes["not_utf8"]),
        (&json!("caf\u{fffd}"), &json!(true))
    );
    let stray = stray.expect("was seen");
    assert_eq!(
        (&stray["text"], &stray["kind"]),
        (&json!("no message at all"), &json!("text"))
    );
    if !console
        .heard
        .iter()
        .any(|event| event["event"] == "reply" && event["call"] == call)
    {
        console.end_of(call);
    }
}

#[test]
fn a_server_that_does_not_read_is_said_to() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    console.begin("deaf", 600);
    // More than the pipe and the lines that wait in front of it hold.
    let text = "z\n".repeat(70_000);
    let answer = console.post("send", json!({ "text": text }));
    assert_eq!(answer.status, 409);
    assert!(
        answer.body.contains("does not read its input"),
        "{}",
        answer.body
    );
    // It does not notice the end of its input either.
    assert_eq!(console.post("stop", json!({})).status, 200);
    let ended = console.wait("ended");
    assert_eq!(ended["asked"], true);
}

#[cfg(unix)]
#[test]
fn a_server_that_ignores_every_request_to_end_is_killed_with_its_children() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let child = console.call("child");
    let process = console.call("stubborn");
    assert_eq!(console.post("stop", json!({})).status, 200);
    console.wire("sent SIGTERM");
    let ended = console.wait("ended");
    assert_eq!(ended["status"], "signal 9 (SIGKILL)");
    until_gone(&process);
    until_gone(&child);
}

#[cfg(unix)]
#[test]
fn a_page_that_is_gone_takes_its_server_along() {
    let server = serve(shared());
    let mut console = Console::start(&server, "modern");
    let child = console.call("child");
    let process = console.call("stubborn");
    assert!(is_alive(&process) && is_alive(&child));
    drop(console);
    until_gone(&process);
    until_gone(&child);
}

/// Ends the workbook in two ways while a server runs that ignores every request to end, with a child of its own.
#[cfg(unix)]
#[test]
fn the_end_of_the_workbook_is_the_end_of_every_server() {
    for way in ["told", "abandoned"] {
        let mut server = serve(shared());
        let (child, process) = {
            let mut console = Console::start(&server, "modern");
            let child = console.call("child");
            let process = console.call("stubborn");
            if way == "told" {
                let told = std::process::Command::new("kill")
                    .args(["-TERM", &server.child.id().to_string()])
                    .status();
                assert!(told.expect("kill is there").success());
            } else {
                server.abandon();
            }
            (child, process)
        };
        let status = server.child.wait().expect("it ends");
        assert!(status.success(), "{way}: {status}");
        // Not a moment later: the program waits for them.
        assert!(!is_alive(&process), "{way}: {process} still runs");
        assert!(!is_alive(&child), "{way}: {child} still runs");
    }
}

#[test]
fn there_are_three_consoles_each_with_a_process_of_its_own() {
    let server = serve(shared());
    let mut consoles: Vec<Console<'_>> =
        (0..3).map(|_| Console::start(&server, "modern")).collect();
    let wanted = json!({"chapter": "ch01", "server": "own", "era": "modern", "forms": true});
    let fourth = server.post("/api/console/open", &wanted.to_string());
    assert_eq!(fourth.status, 429);
    assert!(
        fourth.body.contains("close one of those pages"),
        "{}",
        fourth.body
    );

    let call = consoles[0].begin("crash", 60);
    consoles[0].end_of(call);
    assert_eq!(consoles[1].call("greet"), "hello");

    drop(consoles.pop());
    // The place is free as soon as the server has noticed that the page is gone.
    let began = std::time::Instant::now();
    while began.elapsed() < crate::served::LIMIT {
        let stream = server.send_with(
            "POST",
            "/api/console/open",
            &server.own_headers(&server.token()),
            &wanted.to_string(),
        );
        let mut status = String::new();
        let _ = std::io::BufRead::read_line(&mut std::io::BufReader::new(stream), &mut status);
        if status.contains(" 200 ") {
            return;
        }
    }
    panic!("the place stays taken");
}
