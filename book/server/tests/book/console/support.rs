//! A page with a console, without the page.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::served::{Answer, LIMIT, Server};
use crate::support::TestBook;

/// Where the fake server stands in a checkout.
pub(super) const SOURCE: &str = "chapters/ch01-hello-world/src/main.rs";

/// A checkout whose first chapter is the fake server.
pub(super) fn with_fake(book: TestBook) -> TestBook {
    book.file(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"chapters/ch01-hello-world\"]\n",
    )
    .file(
        "chapters/ch01-hello-world/Cargo.toml",
        "[package]\nname = \"ch01-hello-world\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
    )
    .file(SOURCE, include_str!("fake.rs"))
}

/// One checkout for all tests that only read it: the fake server is built once.
pub(super) fn shared() -> &'static TestBook {
    static BOOK: OnceLock<TestBook> = OnceLock::new();
    BOOK.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console");
        with_fake(TestBook::at(&folder))
    })
}

/// `workbook serve` over a checkout with a fake server, which is built inside that checkout.
pub(super) fn serve(book: &TestBook) -> Server {
    let target = book.root().join("target");
    Server::start_with(book, "0", &[("CARGO_TARGET_DIR", &target)])
}

/// An open console.
pub(super) struct Console<'a> {
    server: &'a Server,
    session: u64,
    calls: u64,
    events: Receiver<Value>,
    /// Everything heard so far.
    pub(super) heard: Vec<Value>,
}

impl<'a> Console<'a> {
    /// Opens one and waits until the server under trial has answered the opening.
    pub(super) fn start(server: &'a Server, era: &str) -> Self {
        let mut console = Self::open(server, "ch01", "own", era);
        console.wait("opened");
        console
    }

    pub(super) fn open(server: &'a Server, chapter: &str, which: &str, era: &str) -> Self {
        let wanted = json!({"chapter": chapter, "server": which, "era": era, "forms": true});
        let headers = server.own_headers(&server.token());
        let path = "/api/console/open";
        let stream = server.send_with("POST", path, &headers, &wanted.to_string());
        // A build may take long on a loaded machine, and is told of all the time.
        let (sender, events) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            for line in lines.filter(|line| line.starts_with('{')) {
                let event = serde_json::from_str(&line).expect("an event is JSON");
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        let mut console = Self {
            server,
            session: 0,
            calls: 0,
            events,
            heard: Vec::new(),
        };
        let first = console.wait("session");
        console.session = first["session"].as_u64().expect("a number");
        console
    }

    /// The next event of this kind.
    pub(super) fn wait(&mut self, kind: &str) -> Value {
        self.wait_for(kind, |event| event["event"] == kind)
    }

    pub(super) fn wait_for(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        // A pulse is no news: with nothing else, the wait has an end.
        let mut last = Instant::now();
        loop {
            let left = LIMIT.saturating_sub(last.elapsed());
            let event = self.events.recv_timeout(left).unwrap_or_else(|error| {
                panic!("{what} does not come: {error}; heard {:#?}", self.heard)
            });
            if event["event"] == "pulse" {
                continue;
            }
            last = Instant::now();
            self.heard.push(event.clone());
            if is_it(&event) {
                return event;
            }
        }
    }

    /// The next line of the wire that holds these words.
    pub(super) fn wire(&mut self, words: &str) -> Value {
        self.wait_for(words, |event| {
            event["event"] == "wire"
                && event["text"]
                    .as_str()
                    .is_some_and(|text| text.contains(words))
        })
    }

    pub(super) fn post(&self, path: &str, mut body: Value) -> Answer {
        body["session"] = json!(self.session);
        self.server
            .post(&format!("/api/console/{path}"), &body.to_string())
    }

    /// Calls a tool and returns the number of the call.
    pub(super) fn begin(&mut self, tool: &str, limit: u64) -> u64 {
        let params = json!({"name": tool, "arguments": {}});
        self.ask("tools/call", params, limit)
    }

    /// Asks something and returns the number of the call.
    pub(super) fn ask(&mut self, method: &str, params: Value, limit: u64) -> u64 {
        self.calls += 1;
        let call = self.calls;
        let body = json!({"call": call, "method": method, "params": params, "limit": limit});
        let answer = self.post("call", body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        call
    }

    /// How a call ends.
    pub(super) fn end_of(&mut self, call: u64) -> Value {
        self.wait_for("the reply", |event| {
            event["event"] == "reply" && event["call"] == call
        })
    }

    /// Calls a tool, waits for the reply and returns its text.
    pub(super) fn call(&mut self, tool: &str) -> String {
        let call = self.begin(tool, 60);
        let reply = self.end_of(call);
        let text = reply["result"]["content"][0]["text"].as_str();
        text.unwrap_or_else(|| panic!("no text in {reply}"))
            .to_owned()
    }
}

/// Whether a process is there and not only waiting to be forgotten.
#[cfg(unix)]
pub(super) fn is_alive(process: &str) -> bool {
    let known = std::process::Command::new("kill")
        .args(["-0", process])
        .stderr(std::process::Stdio::null())
        .status();
    // A killed orphan may stay a zombie until whoever inherits it looks.
    let zombie =
        fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|text| text.contains(") Z"));
    known.is_ok_and(|status| status.success()) && !zombie
}

/// Waits until a process is gone.
#[cfg(unix)]
pub(super) fn until_gone(process: &str) {
    let began = Instant::now();
    while is_alive(process) {
        assert!(began.elapsed() < LIMIT, "process {process} still runs");
        thread::sleep(Duration::from_millis(20));
    }
}
