//! One run of a script: what is sent, what is waited for, and what is written down of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reference_tests::harness::protocol::{self, Client};
use reference_tests::harness::{Pending, Recorder, Server, Stop, Wrong};
use serde_json::{Value, json};
use tracker::Tracker;
use verdict::{From, WireLine};

use super::change::Change;
use super::order::in_order;
use super::pick;
use super::placeholders::Placeholders;
use super::script::{Action, Message, Script, Step};

/// How long the recorder listens after a message that has no reply.
const QUIET: Duration = Duration::from_millis(150);
/// How long it waits for log lines that belong to a message.
const LOG_WAIT: Duration = Duration::from_millis(60);
/// How long a reply, or a message of the server's own, may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a server may take to end after its input ended.
const END: Duration = Duration::from_secs(7);

/// A server, and what was written down so far.
pub(super) struct Session {
    server: Server,
    client: Client,
    recorder: Arc<Recorder>,
    placeholders: Placeholders,
    /// Whether the script wants the server's log.
    logs: bool,
    /// How many lines of the record are in `lines` already.
    taken: usize,
    /// Ids of requests that are left out, with their replies.
    hidden: HashSet<String>,
    /// What is told in place of a reply, by the id of its request.
    picked: HashMap<String, Value>,
    /// Replies that are due.
    open: Vec<Open>,
    /// Whether something was sent that has no reply.
    unanswered: bool,
    /// How many messages of the server's own were waited for, by method.
    heard: HashMap<String, usize>,
    /// The message that was waited for last.
    asked: Value,
    lines: Vec<WireLine>,
}

/// A reply that is due, and what of it gets a name.
struct Open {
    pending: Pending,
    names: BTreeMap<String, String>,
    pick: Option<String>,
}

impl Session {
    /// Nothing was sent yet.
    pub(super) fn new(
        server: Server,
        recorder: Arc<Recorder>,
        placeholders: Placeholders,
        script: &Script,
    ) -> Self {
        let log_level = script.env.get("RUST_LOG");
        // A server that refuses to start may have said so, and ended, by now.
        let lines = recorder.lines();
        let start = lines
            .iter()
            .position(|line| line.text.starts_with("started: "));
        Self {
            taken: start.map_or(0, |start| start + 1),
            client: super::client(script),
            server,
            recorder,
            placeholders,
            logs: log_level.is_some_and(|level| level != "off"),
            hidden: HashSet::new(),
            picked: HashMap::new(),
            open: Vec::new(),
            unanswered: false,
            heard: HashMap::new(),
            asked: Value::Null,
            lines: Vec::new(),
        }
    }

    /// Runs the whole script. Returns who said what, in the order of telling.
    ///
    /// # Errors
    /// A step is not right, or the server does not do its part.
    pub(super) async fn run(
        &mut self,
        script: Script,
        tracker: Option<&Tracker>,
    ) -> anyhow::Result<Vec<(From, String)>> {
        if script.opens_with_handshake() {
            self.shake_hands().await?;
        }
        let last = script.step.len().saturating_sub(1);
        for (index, step) in script.step.iter().enumerate() {
            self.perform(step, tracker).await?;
            if !step.together || index == last {
                self.wait().await?;
            }
        }
        let lines = mem::take(&mut self.lines).into_iter();
        Ok(lines
            .map(|line| (line.from, self.placeholders.put_into(&line.text)))
            .collect())
    }

    /// The legacy handshake. It has the id 0, and is not shown: a script that wants to show it spells it out.
    async fn shake_hands(&mut self) -> anyhow::Result<()> {
        let params = protocol::initialize_params(protocol::LEGACY, &self.client);
        self.server
            .ask(protocol::request(0, "initialize", params))
            .await?
            .result()
            .map_err(told)?;
        let initialized = protocol::notification("notifications/initialized", Value::Null);
        self.server.send_line(&initialized.to_string()).await?;
        self.settle().await;
        let shown = self.lines.len();
        self.take();
        self.lines.truncate(shown);
        Ok(())
    }

    async fn perform(&mut self, step: &Step, tracker: Option<&Tracker>) -> anyhow::Result<()> {
        if let Some(method) = &step.after {
            self.asked = self.next_of(method).await?;
            self.take();
        }
        match step.action()? {
            Action::Fault(fault) => {
                let tracker = tracker.context("a fault is for chapters with a tracker")?;
                tracker.fault(fault)?;
            }
            Action::Change(change) => {
                let tracker = tracker.context("a change is for chapters with a tracker")?;
                if step.followed {
                    is_followed(tracker).await?;
                }
                self.change(&change, tracker)?;
            }
            Action::Close => {
                self.server.close_input().await;
                self.replies().await?;
                self.server.ending(END, "its standard input ended").await?;
                self.server.log().settled(END).await;
                self.take();
            }
            Action::Send(message) => self.send(message, step).await?,
            Action::Get(_) => bail!("get is for scripts with http = true"),
        }
        Ok(())
    }

    /// Changes the tracker, and notes it at its place.
    fn change(&mut self, change: &Change, tracker: &Tracker) -> anyhow::Result<()> {
        self.take();
        change.make(tracker)?;
        self.lines.push(WireLine {
            micros: 0,
            process: 1,
            from: From::Tracker,
            text: change.spoken(),
        });
        // What the server tells of it is no reply.
        self.unanswered = true;
        Ok(())
    }

    /// The next message of the server's own with this method.
    async fn next_of(&mut self, method: &str) -> anyhow::Result<Value> {
        let count = self.heard.entry(method.to_owned()).or_default();
        let next = self.server.log().heard(|incoming| {
            let mut wanted = incoming
                .iter()
                .filter(|message| message["method"] == method);
            wanted.nth(*count).cloned()
        });
        let message = tokio::time::timeout(PATIENCE, next)
            .await
            .with_context(|| format!("the server has sent no {method}"))?;
        *count += 1;
        Ok(message)
    }

    /// Sends the message of a step.
    async fn send(&mut self, message: Message, step: &Step) -> anyhow::Result<()> {
        let line = self.line(message);
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        let has_id = message["id"].is_string() || message["id"].is_number();
        let is_request = message["method"].is_string() && has_id;
        if !step.show {
            self.hidden.insert(message["id"].to_string());
        }
        if is_request && step.reply {
            self.open.push(Open {
                pending: self.server.expect_reply(message).within(PATIENCE),
                names: step.names.clone(),
                pick: step.pick.clone(),
            });
        } else {
            self.unanswered = true;
        }
        self.server.send_line(&line).await?;
        if !step.show && !is_request {
            // Nothing but the line itself belongs to it.
            self.taken += 1;
        }
        Ok(())
    }

    /// A message as it goes over the wire, with values in place of names.
    fn line(&self, message: Message) -> String {
        let line = match message {
            Message::Request(method, params) => {
                let params = match method.as_str() {
                    "initialize" => params,
                    _ => self.server.params(params),
                };
                protocol::request(self.server.fresh_id(), &method, params).to_string()
            }
            Message::Notification(method, params) => {
                protocol::notification(&method, params).to_string()
            }
            Message::Answer(result) => {
                json!({"jsonrpc": "2.0", "id": self.asked["id"], "result": result}).to_string()
            }
            Message::Line(line) => line,
        };
        self.placeholders.fill(&line)
    }

    /// Waits for everything that belongs to what was sent, and writes it down.
    async fn wait(&mut self) -> anyhow::Result<()> {
        self.replies().await?;
        if mem::take(&mut self.unanswered) {
            tokio::time::sleep(QUIET).await;
        }
        self.settle().await;
        self.take();
        Ok(())
    }

    /// Waits for all replies that are due.
    async fn replies(&mut self) -> anyhow::Result<()> {
        for Open {
            pending,
            names,
            pick,
        } in self.open.drain(..)
        {
            let reply = pending.reply().await?;
            for (name, pointer) in &names {
                self.placeholders.learn(name, pointer, reply.message())?;
            }
            if let Some(name) = pick {
                let message = reply.message();
                self.picked
                    .insert(message["id"].to_string(), pick::one(message, &name)?);
            }
        }
        Ok(())
    }

    async fn settle(&self) {
        if self.logs {
            tokio::time::sleep(LOG_WAIT).await;
        }
    }

    /// Takes over what was recorded since the last time.
    fn take(&mut self) {
        let all = self.recorder.lines();
        let mut new: Vec<WireLine> = all[self.taken.min(all.len())..].to_vec();
        self.taken = all.len();
        new.retain(|line| !self.is_hidden(line) && !is_blank_log(line));
        new.iter_mut().for_each(|line| self.shorten(line));
        self.lines.extend(in_order(new));
    }

    fn is_hidden(&self, line: &WireLine) -> bool {
        let is_message = matches!(line.from, From::Client | From::Server);
        is_message && id_of(line).is_some_and(|id| self.hidden.contains(&id))
    }

    /// Leaves out what a step has not picked.
    fn shorten(&self, line: &mut WireLine) {
        let id = Some(&*line)
            .filter(|line| line.from == From::Server)
            .and_then(id_of);
        if let Some(picked) = id.and_then(|id| self.picked.get(&id)) {
            line.text = picked.to_string();
        }
    }
}

/// Waits until a request of the server waits for a change.
async fn is_followed(tracker: &Tracker) -> anyhow::Result<()> {
    let waits = |tracker: &Tracker| {
        let questions = tracker.requests("GET /changes");
        questions.iter().any(|question| question.status.is_none())
    };
    ensure!(
        tracker.wait_until(PATIENCE, waits).await,
        "the server does not wait for changes of the tracker"
    );
    Ok(())
}

/// Whether it is an empty line between others of the log.
fn is_blank_log(line: &WireLine) -> bool {
    line.from == From::Stderr && line.text.trim().is_empty()
}

/// The id of a message, as JSON.
fn id_of(line: &WireLine) -> Option<String> {
    let message: Value = serde_json::from_str(&line.text).ok()?;
    Some(&message["id"])
        .filter(|id| !id.is_null())
        .map(Value::to_string)
}

fn told(wrong: Wrong) -> anyhow::Error {
    Stop::from(wrong).into()
}
