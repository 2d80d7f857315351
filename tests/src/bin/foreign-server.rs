//! An MCP server without any SDK, over stdio. With `--fault NAME` it misbehaves, for the tests of the harness.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use reference_tests::foreign::Foreign;

const USAGE: &str = "usage: foreign-server [--version] [--fault NAME]
faults: exit, silent, flood-stdout, flood-stderr, endless-line, half-line, other-id, invalid-utf8, chatty, child, ignore-input,
        stubborn, panic";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(None),
        ["--version"] => println!("foreign-server {}", env!("CARGO_PKG_VERSION")),
        ["--fault", "exit"] => {
            eprintln!("cannot find the settings");
            return ExitCode::from(3);
        }
        ["--fault", name] => serve(Some(name)),
        // What `--fault child` starts: it reads nothing and would outlive everybody.
        ["--sleep"] => std::thread::sleep(Duration::from_secs(600)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Answers line by line, each request in a thread of its own, until the input ends.
fn serve(fault: Option<&str>) {
    match fault {
        Some("flood-stdout") => flood(
            b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n",
            false,
        ),
        Some("flood-stderr") => flood(b"still starting\n", true),
        Some("endless-line") => flood(b"still starting ", false),
        Some("invalid-utf8") => raw(b"caf\xe9\n"),
        Some("chatty") => raw(b"server is starting\n"),
        Some("child") => start_child(),
        Some("ignore-input") => std::thread::sleep(Duration::from_secs(600)),
        _ => {}
    }
    let server = Arc::new(Foreign::default());
    let mut requests = Vec::new();
    for line in stdin().lock().lines() {
        let Ok(line) = line else { break };
        let server = Arc::clone(&server);
        let fault = fault.map(str::to_owned);
        requests.push(std::thread::spawn(move || {
            answer(&server, &line, fault.as_deref())
        }));
    }
    if fault == Some("stubborn") {
        std::thread::sleep(Duration::from_secs(600));
    }
    // The end of the input is no reason to forget what was asked before.
    for request in requests {
        let _ = request.join();
    }
}

fn answer(server: &Foreign, line: &str, fault: Option<&str>) {
    let Some(mut reply) = server.answer(line) else {
        return;
    };
    match fault {
        Some("silent") => {}
        Some("panic") => panic!("the answer is lost"),
        Some("half-line") => {
            let text = reply.to_string();
            raw(&text.as_bytes()[..text.len() / 2]);
        }
        Some("other-id") => {
            reply["id"] = "another".into();
            raw(format!("{reply}\n").as_bytes());
        }
        _ => raw(format!("{reply}\n").as_bytes()),
    }
}

fn raw(bytes: &[u8]) {
    let mut stdout = stdout().lock();
    // The client may be gone; then there is nobody to tell.
    let _ = stdout.write_all(bytes);
    let _ = stdout.flush();
}

/// Writes a hundred megabytes.
fn flood(line: &[u8], to_stderr: bool) {
    let block = line.repeat(64 * 1024 / line.len());
    for _ in 0..1600 {
        let written = if to_stderr {
            std::io::stderr().write_all(&block)
        } else {
            stdout().write_all(&block)
        };
        if written.is_err() {
            return;
        }
    }
}

/// Starts a process that nobody waits for, and tells its id.
fn start_child() {
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let child = Command::new(program)
        .arg("--sleep")
        .stdin(Stdio::null())
        .spawn();
    if let Ok(child) = child {
        eprintln!("child {}", child.id());
    }
}
