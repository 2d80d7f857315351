//! An MCP server without any SDK, over stdio. With `--fault NAME` it misbehaves, for the tests of the harness.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reference_tests::foreign::Foreign;
use reference_tests::harness::protocol::{LEGACY, MODERN, UNSUPPORTED_VERSION};
use serde_json::json;

const USAGE: &str = "usage: foreign-server [--version] [--fault NAME]
faults: exit, silent, panic, half-line, other-id, chatty, invalid-utf8, flood-stdout, flood-stderr, endless-line,
        ignore-input, stubborn, deaf, child, modern-only, ends-on-handshake
With PID_FILE in the environment, it adds its process id to that file.";

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
        // What the fault `child` starts: it reads nothing and would outlive everybody.
        ["--sleep"] => {
            tell_process_id();
            forever();
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Answers line by line, each request in a thread of its own, until the input ends.
fn serve(fault: Option<&str>) {
    let in_flight = Arc::new(AtomicUsize::new(0));
    stop_when_told(Arc::clone(&in_flight), fault == Some("deaf"));
    tell_process_id();
    before_serving(fault);
    let server = Arc::new(Foreign::default());
    let mut requests = Vec::new();
    for line in stdin().lock().lines() {
        let Ok(line) = line else { break };
        in_flight.fetch_add(1, Ordering::SeqCst);
        let (server, in_flight) = (Arc::clone(&server), Arc::clone(&in_flight));
        let fault = fault.map(str::to_owned);
        requests.push(std::thread::spawn(move || {
            answer(&server, &line, fault.as_deref());
            in_flight.fetch_sub(1, Ordering::SeqCst);
        }));
    }
    if fault == Some("stubborn") {
        forever();
    }
    // The end of the input is no reason to forget what was asked before.
    for request in requests {
        let _ = request.join();
    }
}

fn before_serving(fault: Option<&str>) {
    match fault {
        Some("flood-stdout") => {
            flood(
                b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n",
                false,
            );
        }
        Some("flood-stderr") => flood(b"still starting\n", true),
        Some("endless-line") => flood(b"still starting ", false),
        Some("invalid-utf8") => raw(b"caf\xe9\n"),
        Some("chatty") => raw(b"server is starting\n"),
        Some("child") => start_child(),
        Some("ignore-input") => forever(),
        _ => {}
    }
}

fn answer(server: &Foreign, line: &str, fault: Option<&str>) {
    let Some(mut reply) = server.answer(line) else {
        return;
    };
    let opens = reply["result"]["protocolVersion"].is_string();
    match fault {
        Some("silent") => {}
        Some("modern-only") if opens => {
            let refusal = json!({"jsonrpc": "2.0", "id": reply["id"], "error": {
                "code": UNSUPPORTED_VERSION, "message": "Unsupported protocol version",
                "data": {"requested": LEGACY, "supported": [MODERN]},
            }});
            raw(format!("{refusal}\n").as_bytes());
            eprintln!("the client did not begin as it should");
            std::process::exit(1);
        }
        Some("ends-on-handshake") if opens => {
            eprintln!("the client did not begin as it should");
            std::process::exit(1);
        }
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

/// Ends the process at SIGTERM, once nothing is in flight; one that is `deaf` goes on.
#[cfg(unix)]
fn stop_when_told(in_flight: Arc<AtomicUsize>, deaf: bool) {
    use tokio::signal::unix::{SignalKind, signal};

    let (ready, installed) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            let Ok(mut terminate) = signal(SignalKind::terminate()) else {
                return;
            };
            let _ = ready.send(());
            loop {
                terminate.recv().await;
                if deaf {
                    continue;
                }
                while in_flight.load(Ordering::SeqCst) > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                std::process::exit(0);
            }
        });
    });
    // A signal may come before the first message.
    let _ = installed.recv();
}

#[cfg(not(unix))]
fn stop_when_told(_in_flight: Arc<AtomicUsize>, _deaf: bool) {}

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

/// Starts a process that nobody waits for.
fn start_child() {
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let _ = Command::new(program)
        .arg("--sleep")
        .stdin(Stdio::null())
        .spawn();
}

fn tell_process_id() {
    let Some(path) = std::env::var_os("PID_FILE") else {
        return;
    };
    if let Ok(mut file) = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
    {
        let _ = file.write_all(format!("{}\n", std::process::id()).as_bytes());
    }
}

fn forever() {
    std::thread::sleep(Duration::from_secs(600));
}
