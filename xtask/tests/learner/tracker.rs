//! The tracker beside the servers: found or started, told to the client, and gone with the command.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{command, console, same_as_file, untouched};

/// The first command builds server and checker.
const LONG: Duration = Duration::from_secs(600);

/// A command that goes on until it is stopped, and what it prints.
struct Running {
    child: Child,
    lines: Receiver<String>,
    text: String,
}

impl Running {
    fn start(words: &[&str]) -> Self {
        untouched();
        let mut child = command(words).spawn().expect("xtask starts");
        let output = child.stdout.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test may have seen enough.
                let _ = sender.send(line);
            }
        });
        let text = String::new();
        Self { child, lines, text }
    }

    /// Reads up to the line that contains `words`, and gives it.
    #[track_caller]
    fn up_to(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(LONG) else {
                let mut errors = String::new();
                if let Some(mut pipe) = self.child.stderr.take() {
                    let _ = self.child.kill();
                    let _ = pipe.read_to_string(&mut errors);
                }
                panic!("no line with `{words}` in:\n{}\n{errors}", self.text);
            };
            self.text.push_str(&line);
            self.text.push('\n');
            if line.contains(words) {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill can be started").success());
    }

    /// Ctrl-C, which ends it well.
    #[track_caller]
    fn interrupt(&mut self) {
        self.signal("-INT");
        assert_eq!(self.exit_code(), Some(0));
    }

    #[track_caller]
    fn exit_code(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("can be waited for") {
                return status.code();
            }
            assert!(began.elapsed() < LONG, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in a line such as `TRACKER_URL=http://127.0.0.1:8089`.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once("http://").expect("an address");
    let end = rest.find([',', ' ', '"']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// The number after the last colon.
fn port(address: &str) -> u16 {
    let (_, port) = address.rsplit_once(':').expect("a port");
    port.parse().expect("a number")
}

/// What `GET /health` answers.
fn health(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the tracker listens");
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\n\r\n")
        .expect("is sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    reply
}

#[track_caller]
fn is_gone(address: &str) {
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < LONG, "{address} still answers");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn by_itself_it_says_how_to_call_it_and_ends_with_ctrl_c() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let address = address(&tracker.up_to("TRACKER_URL="));
    tracker.up_to("/admin/faults");
    assert!(health(&address).contains(r#""service":"tracker""#));
    let usual = tracker.text.replace(&address, "127.0.0.1:8089");
    same_as_file(&usual, &console("tracker.txt"));
    tracker.interrupt();
    is_gone(&address);
}

#[test]
fn it_does_not_outlive_a_killed_command() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let address = address(&tracker.up_to("TRACKER_URL="));
    tracker.signal("-KILL");
    is_gone(&address);
}

#[test]
fn run_starts_one_for_a_chapter_that_needs_it() {
    // Held for the whole test: something that is no tracker.
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").port();
    let words = ["run", "ch03", "--solution", "--tracker-port"];
    let mut run = Running::start(&[&words[..], &[&taken.to_string()]].concat());
    run.up_to(&format!(
        "Port {taken} is taken, so the next free one is used."
    ));
    let address = address(&run.up_to("The tracker runs at "));
    assert!(port(&address) > taken, "{address}");
    let env = format!(r#""TRACKER_URL": "http://{address}""#);
    assert_eq!(run.text.matches(&env).count(), 4, "{}", run.text);
    assert!(health(&address).contains(r#""service":"tracker""#));
    run.interrupt();
    is_gone(&address);
}

#[test]
fn run_takes_the_one_that_is_there_and_leaves_it() {
    let mut tracker = Running::start(&["tracker", "--port", "0"]);
    let there = address(&tracker.up_to("TRACKER_URL="));
    let wanted = port(&there).to_string();
    let mut run = Running::start(&["run", "ch03", "--solution", "--tracker-port", &wanted]);
    let line = run.up_to("The tracker runs already, at ");
    assert_eq!(address(&line), there);
    assert_eq!(run.exit_code(), Some(0), "there is nothing to wait for");
    assert!(health(&there).contains(r#""service":"tracker""#));
    tracker.interrupt();
    is_gone(&there);
}

#[test]
fn run_starts_none_for_a_chapter_that_needs_none() {
    let mut run = Running::start(&["run", "ch01", "--solution"]);
    run.up_to("Without a client: cargo xtask talk ch01");
    assert_eq!(run.exit_code(), Some(0));
    assert!(!run.text.contains("tracker"), "{}", run.text);
    assert!(!run.text.contains("TRACKER_URL"), "{}", run.text);
}
