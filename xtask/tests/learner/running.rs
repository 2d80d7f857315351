//! A command that goes on until it is stopped, and the service beside it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{command, untouched};

/// The first command builds server and checker.
const LONG: Duration = Duration::from_secs(600);

/// A command that goes on until it is stopped, and what it prints.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    pub(crate) text: String,
}

impl Running {
    pub(crate) fn start(words: &[&str]) -> Self {
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
    pub(crate) fn up_to(&mut self, words: &str) -> String {
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

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill can be started").success());
    }

    /// Ctrl-C, which ends it well.
    #[track_caller]
    pub(crate) fn interrupt(&mut self) {
        self.signal("-INT");
        assert_eq!(self.exit_code(), Some(0));
    }

    #[track_caller]
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
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
pub(crate) fn address(line: &str) -> String {
    let (_, rest) = line.split_once("http://").expect("an address");
    let end = rest.find([',', ' ', '"']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// The number after the last colon.
pub(crate) fn port(address: &str) -> u16 {
    let (_, port) = address.rsplit_once(':').expect("a port");
    port.parse().expect("a number")
}

/// What `GET /health` answers.
pub(crate) fn health(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .expect("is sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    reply
}

#[track_caller]
pub(crate) fn is_gone(address: &str) {
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < LONG, "{address} still answers");
        thread::sleep(Duration::from_millis(5));
    }
}
