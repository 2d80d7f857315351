//! What is known about one server process: its output, its end, and the faults that explain a failure.

use std::collections::{HashMap, VecDeque};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{oneshot, watch};
use verdict::{From, spoken_status};

use super::protocol;
use super::recorder::{Recorder, lock};

/// This many faults of one kind are kept.
const FAULT_LIMIT: usize = 8;
/// This much of standard output and of standard error is kept, in bytes each.
const KEPT: usize = 256 * 1024;
/// This many requests and notifications of the server are kept.
const INCOMING_LIMIT: usize = 1000;

/// A line on standard output that is no message.
#[derive(Debug, Clone)]
pub struct StrayLine {
    /// The line; invalid UTF-8 is replaced.
    pub text: String,
    /// It was not valid UTF-8.
    pub invalid_utf8: bool,
    /// It is JSON, but not JSON-RPC 2.0.
    pub is_json: bool,
}

/// What one process has said and done.
#[derive(Debug)]
pub struct ProcessLog {
    pub(super) number: u32,
    recorder: Arc<Recorder>,
    /// How many of three things have ended: standard output, standard error, the process.
    ended: watch::Sender<u8>,
    /// Told of each request and each notification of the server.
    arrived: watch::Sender<()>,
    pub(super) inner: Mutex<Known>,
}

/// The facts behind the lock.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub waiting: HashMap<String, Waiting>,
    pub answered: u64,
    pub stray_lines: Vec<StrayLine>,
    pub stray_count: usize,
    pub foreign_ids: Vec<String>,
    pub incoming: VecDeque<Value>,
    /// How many of those there were in all.
    pub incoming_count: usize,
    pub stdout: Vec<u8>,
    pub half_line: Vec<u8>,
    pub stdout_ended: bool,
    pub stderr: Vec<u8>,
    pub flood: Option<String>,
    pub unanswered: Vec<String>,
    /// The revision of a request that was refused for its revision, although every server of this book speaks it.
    pub refused_version: Option<&'static str>,
    pub exit: Option<ExitStatus>,
    pub killed: bool,
    /// It is not asked to be a server: what it prints is no fault.
    pub plain_program: bool,
}

impl Known {
    /// Whether the process has ended by itself in place of answering this request, which was its first.
    pub(super) fn ended_on(&self, method: &str) -> bool {
        let first =
            self.answered == 0 && self.unanswered.first().is_some_and(|name| name == method);
        first && self.exit.is_some()
    }
}

/// A request that has no reply yet.
#[derive(Debug)]
pub(super) struct Waiting {
    pub method: String,
    pub reply: oneshot::Sender<Arrived>,
}

/// A reply, and when it came in the order of what the server sent.
#[derive(Debug)]
pub(super) struct Arrived {
    pub message: Value,
    /// How many requests and notifications of the server came before it.
    pub heard_before: usize,
}

impl ProcessLog {
    pub(super) fn new(number: u32, recorder: Arc<Recorder>) -> Self {
        Self {
            number,
            recorder,
            ended: watch::Sender::new(0),
            arrived: watch::Sender::new(()),
            inner: Mutex::default(),
        }
    }

    /// A line on standard output, without its end.
    pub(super) fn stdout_line(&self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_suffix('\r').unwrap_or(&text);
        self.recorder.add(self.number, From::Server, text);
        let invalid_utf8 = std::str::from_utf8(bytes).is_err();
        match serde_json::from_str::<Value>(text) {
            Ok(message) if !invalid_utf8 && protocol::is_message(&message) => self.message(message),
            parsed => {
                let mut known = lock(&self.inner);
                known.stray_count += 1;
                if known.stray_lines.len() < FAULT_LIMIT {
                    known.stray_lines.push(StrayLine {
                        text: text.into(),
                        invalid_utf8,
                        is_json: parsed.is_ok(),
                    });
                }
            }
        }
    }

    fn message(&self, message: Value) {
        let mut known = lock(&self.inner);
        if message.get("method").is_some() {
            known.incoming.push_back(message);
            known.incoming_count += 1;
            if known.incoming.len() > INCOMING_LIMIT {
                known.incoming.pop_front();
            }
            drop(known);
            self.arrived.send_replace(());
            return;
        }
        let id = message.get("id").cloned().unwrap_or_default();
        match known.waiting.remove(&id.to_string()) {
            Some(waiting) => {
                known.answered += 1;
                let heard_before = known.incoming_count;
                // Nobody listens any more if the check has gone on without the reply.
                let _ = waiting.reply.send(Arrived {
                    message,
                    heard_before,
                });
            }
            None if known.foreign_ids.len() < FAULT_LIMIT => known.foreign_ids.push(id.to_string()),
            None => {}
        }
    }

    /// What has just come from standard output, and how much of its last line is there.
    pub(super) fn stdout_bytes(&self, bytes: &[u8], half_line: &[u8]) {
        let mut known = lock(&self.inner);
        keep(&mut known.stdout, bytes);
        known.half_line = half_line.to_vec();
    }

    /// A line on standard error, without its end.
    pub(super) fn stderr_line(&self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.recorder.add(
            self.number,
            From::Stderr,
            text.strip_suffix('\r').unwrap_or(&text),
        );
        let mut known = lock(&self.inner);
        keep(&mut known.stderr, bytes);
        keep(&mut known.stderr, b"\n");
    }

    /// Standard output has ended: no reply will come any more.
    pub(super) fn stdout_ended(&self) {
        let mut known = lock(&self.inner);
        known.stdout_ended = true;
        known.waiting.clear();
        drop(known);
        self.one_more_ended();
    }

    /// Standard error has ended.
    pub(super) fn stderr_ended(&self) {
        self.one_more_ended();
    }

    fn one_more_ended(&self) {
        self.ended.send_modify(|count| *count += 1);
    }

    /// Waits until the process and its output have ended, at most for `limit`.
    pub async fn settled(&self, limit: Duration) {
        let mut ended = self.ended.subscribe();
        let _ = tokio::time::timeout(limit, ended.wait_for(|&count| count >= 3)).await;
    }

    /// The process wrote more than anybody can read.
    pub(super) fn flooded(&self, what: String) {
        self.note(&what);
        let mut known = lock(&self.inner);
        known.flood.get_or_insert(what);
        known.waiting.clear();
    }

    /// The process has ended by itself.
    pub(super) fn ended(&self, status: ExitStatus) {
        let mut known = lock(&self.inner);
        let by_itself = !known.killed;
        if by_itself {
            known.exit = Some(status);
        }
        drop(known);
        if by_itself {
            self.note(&format!("ended with {}", spoken_status(status)));
        }
        self.one_more_ended();
    }

    /// The checker kills the process: how it ends says nothing.
    pub(super) fn killed(&self) {
        lock(&self.inner).killed = true;
    }

    /// The process is not asked to be a server, but to print something and end.
    pub fn is_plain_program(&self) {
        lock(&self.inner).plain_program = true;
    }

    /// Something that happened beside the wire.
    pub(super) fn note(&self, text: &str) {
        self.recorder.add(self.number, From::Process, text);
    }

    /// A line that the check has sent.
    pub(super) fn sent(&self, text: &str) {
        self.recorder.add(self.number, From::Client, text);
    }

    /// What came back by another way than standard output.
    pub(super) fn received(&self, text: &str) {
        self.recorder.add(self.number, From::Server, text);
    }

    /// Whether the process has ended by itself.
    pub(super) fn has_ended(&self) -> bool {
        lock(&self.inner).exit.is_some()
    }

    /// Standard output so far, with invalid UTF-8 replaced.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&lock(&self.inner).stdout).into_owned()
    }

    /// Standard error so far, with invalid UTF-8 replaced.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&lock(&self.inner).stderr).into_owned()
    }

    /// The lines on standard output that are no messages, and how many there were in all.
    pub fn stray_lines(&self) -> (Vec<StrayLine>, usize) {
        let known = lock(&self.inner);
        (known.stray_lines.clone(), known.stray_count)
    }

    /// What stands on standard output after the last line end.
    pub fn unfinished_line(&self) -> Option<String> {
        let known = lock(&self.inner);
        (!known.half_line.is_empty())
            .then(|| String::from_utf8_lossy(&known.half_line).into_owned())
    }

    /// Requests and notifications that the server has sent, oldest first.
    pub fn incoming(&self) -> Vec<Value> {
        lock(&self.inner).incoming.iter().cloned().collect()
    }

    /// Waits until `find` finds something among the requests and notifications of the server, oldest first. Without a limit
    /// of its own: nothing may ever come.
    pub async fn heard<T>(&self, find: impl Fn(&VecDeque<Value>) -> Option<T>) -> T {
        self.heard_in(|known| find(&known.incoming)).await
    }

    /// The same, for whoever needs to know how many came before those that are kept.
    pub(super) async fn heard_in<T>(&self, find: impl Fn(&Known) -> Option<T>) -> T {
        let mut arrivals = self.arrived.subscribe();
        loop {
            // What arrives from here on wakes the wait below, even if it arrives before that begins.
            arrivals.borrow_and_update();
            if let Some(found) = find(&lock(&self.inner)) {
                return found;
            }
            // The sender lives as long as this log: there is no error.
            let _ = arrivals.changed().await;
        }
    }

    /// Ids of replies that belong to no request.
    pub fn foreign_ids(&self) -> Vec<String> {
        lock(&self.inner).foreign_ids.clone()
    }
}

/// Keeps `bytes` as far as there is room.
fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = KEPT.saturating_sub(kept.len());
    kept.extend(&bytes[..bytes.len().min(room)]);
}
