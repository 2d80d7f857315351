//! How fast the servers are over stdio, beside a loop that only echoes lines.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::echo::id;
use super::table::{Row, median, percentile, time, worst};
use super::{Bench, fault, settle};
use crate::cancel::{Cancel, Halt};
use crate::cargo::{Plan, build};
use crate::manifest::Chapter;

pub(super) const STARTS: usize = 20;
const ROUNDS: usize = 3;
const CALLS: usize = 2000;
/// Before the clock starts: the first calls find cold caches.
const WARM_UPS: usize = 200;
pub(super) const START: Duration = Duration::from_millis(5);
const RATIO: f64 = 1.6;
/// A server that has not ended by then is killed, whatever it does.
const LIMIT: Duration = Duration::from_secs(60);
/// How often somebody looks whether it is to end.
const TICK: Duration = Duration::from_millis(50);

/// What the requests carry that ask in the modern era.
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"0.1.0"}}"#;

/// One round of calls.
struct Round {
    times: Vec<Duration>,
    whole: Duration,
}

impl Bench<'_> {
    /// Every chapter's solution, with optimisations.
    pub(super) fn servers(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        for chapter in &self.manifest.chapters {
            let name = &chapter.name;
            let row = Row::new(
                format!("{name}: start → first answer"),
                format!("release, `tools/list`; median of {STARTS}, worst in brackets"),
            );
            let measured = self.release(chapter).and_then(|server| {
                let times = self.starts(&server)?;
                Ok((server, times))
            });
            let found = settle(row.budget("≤ 5 ms"), measured, told, |row, (_, times)| {
                let text = format!("{} ({})", time(median(times)), time(worst(times)));
                row.measured(text, median(times) <= START)
            })?;
            let Some((server, _)) = found else { continue };
            let row = Row::new(
                format!("{name}: `tools/call`, one after the other"),
                format!(
                    "release, {CALLS} calls, median of {ROUNDS} rounds, in turn with an echo of lines"
                ),
            );
            let measured = self.calls(chapter, &server);
            settle(row.budget("p50 ≤ 1.6 × echo"), measured, told, calls)?;
        }
        Ok(())
    }

    pub(super) fn release(&self, chapter: &Chapter) -> Result<std::path::PathBuf, Halt> {
        let plan = Plan {
            release: true,
            target: self.scratch.join("release"),
            ..Plan::member(self.workbook, &chapter.solution_package())
        };
        let built = build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        match built.executable(None) {
            Some(program) => Ok(program.to_owned()),
            None => Err(fault("the solution does not build")),
        }
    }

    pub(super) fn starts(&self, server: &Path) -> Result<Vec<Duration>, Halt> {
        let mut times = Vec::new();
        for round in 0..STARTS + 2 {
            self.go_on()?;
            let began = Instant::now();
            let mut client = Client::start(Command::new(server), self.cancel)?;
            client.ask(&request(1, "tools/list", ""), "1")?;
            // The first two find cold caches.
            if round >= 2 {
                times.push(began.elapsed());
            }
        }
        Ok(times)
    }

    /// Rounds of the server and of the echo, in turn: what disturbs one disturbs the other.
    fn calls(&self, chapter: &Chapter, server: &Path) -> Result<(Round, Round), Halt> {
        let arguments = match chapter.id.as_str() {
            "ch01" => r#""name":"greet","arguments":{"name":"Ada"},"#,
            // Answered by the server itself: how fast its tracker is does not count.
            "ch03" => r#""name":"add_to_draft","arguments":{"draft":"none","title":"Ada"},"#,
            _ => r#""name":"list_tasks","arguments":{"project":"BEACON"},"#,
        };
        let (mut servers, mut echoes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            servers.push(self.round(Command::new(server), arguments)?);
            let mut echo = Command::new(&self.program);
            echo.args(["bench", "echo"]);
            echoes.push(self.round(echo, arguments)?);
        }
        match (middle(servers), middle(echoes)) {
            (Some(server), Some(echo)) => Ok((server, echo)),
            _ => Err(fault("no round was measured")),
        }
    }

    fn round(&self, command: Command, arguments: &str) -> Result<Round, Halt> {
        let mut client = Client::start(command, self.cancel)?;
        let mut times = Vec::with_capacity(CALLS);
        let mut whole = Instant::now();
        for call in 1..=WARM_UPS + CALLS {
            if call == WARM_UPS + 1 {
                self.go_on()?;
                whole = Instant::now();
            }
            let line = request(call, "tools/call", arguments);
            let began = Instant::now();
            client.ask(&line, &call.to_string())?;
            if call > WARM_UPS {
                times.push(began.elapsed());
            }
        }
        Ok(Round {
            whole: whole.elapsed(),
            times,
        })
    }
}

/// The round whose median is in the middle.
fn middle(mut rounds: Vec<Round>) -> Option<Round> {
    rounds.sort_by_key(|round| median(&round.times));
    let place = rounds.len() / 2;
    (!rounds.is_empty()).then(|| rounds.swap_remove(place))
}

fn calls(row: Row, (server, echo): &(Round, Round)) -> Row {
    let ratio = median(&server.times).as_secs_f64() / median(&echo.times).as_secs_f64();
    let text = format!("{ratio:.1} ×: {}; echo {}", told(server), told(echo));
    row.measured(text, ratio <= RATIO)
}

fn told(round: &Round) -> String {
    format!(
        "p50 {}, p99 {}, {:.0} calls/s",
        time(percentile(&round.times, 50)),
        time(percentile(&round.times, 99)),
        round.times.len() as f64 / round.whole.as_secs_f64()
    )
}

fn request(id: usize, method: &str, params: &str) -> String {
    format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{{{params}{META}}}}}\n"
    )
}

/// A server and the pipes to it. One request is under way at a time.
struct Client {
    child: Arc<Mutex<Child>>,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    line: Vec<u8>,
    /// Dropped, it tells the watchman that his work is over.
    over: Option<Sender<()>>,
    watchman: Option<thread::JoinHandle<()>>,
}

impl Client {
    fn start(mut command: Command, cancel: &Cancel) -> Result<Self> {
        command
            .env_remove("RUST_LOG")
            .env_remove("JOURNAL")
            // Servers from chapter 6 on want one, and are asked for nothing that needs it.
            .env("TRACKER_TOKEN", "not-used-by-bench")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let input = child.stdin.take();
        let output = child.stdout.take().context("the server has no output")?;
        let child = Arc::new(Mutex::new(child));
        let (over, news) = mpsc::channel();
        let watched = Arc::clone(&child);
        let cancel = cancel.clone();
        // The calls below block. This thread ends them when they last too long.
        let watchman = thread::spawn(move || {
            let began = Instant::now();
            while let Err(RecvTimeoutError::Timeout) = news.recv_timeout(TICK) {
                if cancel.is_cancelled() || began.elapsed() > LIMIT {
                    kill(&watched);
                    return;
                }
            }
        });
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            line: Vec::new(),
            over: Some(over),
            watchman: Some(watchman),
        })
    }

    /// Sends a line and reads the one that answers it.
    fn ask(&mut self, line: &str, expected: &str) -> Result<()> {
        let input = self
            .input
            .as_mut()
            .context("the server's input is closed")?;
        input
            .write_all(line.as_bytes())
            .context("the server does not listen")?;
        self.line.clear();
        let read = self.output.read_until(b'\n', &mut self.line)?;
        anyhow::ensure!(
            read > 0,
            "the server ended, or was stopped after {} s",
            LIMIT.as_secs()
        );
        let said = String::from_utf8_lossy(&self.line);
        anyhow::ensure!(
            id(&self.line) == expected.as_bytes() && said.contains("\"result\""),
            "not the answer to request {expected}: {said}"
        );
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A server ends when its input does; if it does not, it is made to.
        self.input = None;
        let closed = Instant::now();
        while closed.elapsed() < Duration::from_secs(1) && !has_ended(&self.child) {
            thread::sleep(Duration::from_millis(1));
        }
        kill(&self.child);
        self.over = None;
        if let Some(watchman) = self.watchman.take() {
            // It has nothing left to fail at.
            let _ = watchman.join();
        }
    }
}

fn has_ended(child: &Mutex<Child>) -> bool {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    matches!(child.try_wait(), Ok(Some(_)))
}

/// Ends the process if it still runs, and takes leave of it.
fn kill(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // Both fail only for a process that is gone.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, cancel: &Cancel) -> Client {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Client::start(command, cancel).expect("sh can be started")
    }

    #[test]
    fn an_answer_is_known_by_its_id() {
        let script = r#"while read line; do echo '{"id":7,"result":{}}'; done"#;
        let mut client = shell(script, &Cancel::default());
        let line = request(7, "tools/list", "");
        client.ask(&line, "7").expect("the answer");
        client.ask(&line, "8").expect_err("another's answer");
    }

    #[test]
    fn a_silent_server_is_ended() {
        let cancel = Cancel::default();
        let mut client = shell("exec sleep 60", &cancel);
        cancel.cancel();
        client.ask("{}\n", "1").expect_err("it was stopped");
    }

    #[test]
    fn the_round_in_the_middle_counts() {
        let rounds = [3, 1, 2].map(|millis| Round {
            times: vec![Duration::from_millis(millis)],
            whole: Duration::from_millis(millis),
        });
        let chosen = middle(rounds.into()).expect("one of three");
        assert_eq!(chosen.whole, Duration::from_millis(2));
    }
}
