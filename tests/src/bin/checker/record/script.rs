//! Recording scripts, as they stand in `book/src/…/wire/NAME.toml`.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tracker::Fault;
use verdict::Era;

use super::change::Change;

/// A script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// What the book calls the exchange.
    #[serde(rename = "title")]
    _title: String,
    /// The chapter whose solution is run. The command line says where it is.
    pub server: String,
    /// An example of that chapter, which is run in place of its server. The command line says where it is.
    #[serde(rename = "example")]
    _example: Option<String>,
    /// The era in which requests are written.
    pub era: Era,
    /// Further environment. Without `RUST_LOG` the server's log is off.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Further arguments of the command.
    #[serde(default)]
    pub args: Vec<String>,
    /// What the client says it can do.
    #[serde(default)]
    pub capabilities: Map<String, Value>,
    /// An import does this many rows between two looks at it, in place of so many a second.
    pub import_rows: Option<u64>,
    /// The server is reached over HTTP. It knows the static tokens of the checks.
    #[serde(default)]
    pub http: bool,
    /// Whether a legacy script opens with a handshake that is not shown.
    handshake: Option<bool>,
    /// What is sent, in order.
    #[serde(default)]
    pub step: Vec<Step>,
}

impl Script {
    /// Whether the recorder opens the connection before the first step.
    pub(super) fn opens_with_handshake(&self) -> bool {
        self.era == Era::Legacy && self.handshake.unwrap_or(true)
    }
}

/// One thing to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    request: Option<Call>,
    notification: Option<Call>,
    line: Option<String>,
    /// Over HTTP: a path that is asked for with GET.
    get: Option<String>,
    /// Over HTTP: whose token is shown, or `nobody` for none. Without it, Ada's.
    pub caller: Option<String>,
    /// Over HTTP: headers in place of those of their name. An empty value takes a header away.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The result of the server's own request, for which `after` has waited.
    answer: Option<Value>,
    /// A fault of the tracker, as its API page has it.
    fault: Option<Map<String, Value>>,
    /// What a colleague changes in the tracker meanwhile.
    change: Option<Change>,
    /// The change happens as soon as the server waits for one. Without it, at once.
    #[serde(default)]
    pub followed: bool,
    /// The end of the input; the end of the process is recorded.
    #[serde(default)]
    close: bool,
    /// Begins when the server has sent a message with this method; each message is waited for once.
    pub after: Option<String>,
    /// Parts of the reply that differ from run to run: what the book calls each, and where it is, as a JSON pointer.
    /// A later step that says the name sends the value.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// The one item of the reply's list that is told, by its name.
    pub pick: Option<String>,
    /// Do not wait for the reply before the next step.
    #[serde(default)]
    pub together: bool,
    /// Whether it is part of the recording.
    #[serde(default = "yes")]
    pub show: bool,
    /// Whether a reply will come: not after a cancellation, for example.
    #[serde(default = "yes")]
    pub reply: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    method: String,
    #[serde(default)]
    params: Value,
}

fn yes() -> bool {
    true
}

/// What a step does.
#[derive(Debug)]
pub(super) enum Action {
    /// Ends the input.
    Close,
    /// Makes the tracker fail.
    Fault(Fault),
    /// Changes the tracker.
    Change(Change),
    /// Sends a message.
    Send(Message),
    /// Asks for a path over HTTP.
    Get(String),
}

/// What a step sends.
#[derive(Debug)]
pub(super) enum Message {
    /// Method and parameters; the recorder adds the id and what the era demands.
    Request(String, Value),
    /// Method and parameters.
    Notification(String, Value),
    /// A line as it is.
    Line(String),
    /// The result of the server's request.
    Answer(Value),
}

impl Step {
    /// What it does.
    ///
    /// # Errors
    /// It says nothing, or several things.
    pub(super) fn action(&self) -> anyhow::Result<Action> {
        let mut actions = Vec::new();
        if let Some(call) = &self.request {
            let message = Message::Request(call.method.clone(), call.params.clone());
            actions.push(Action::Send(message));
        }
        if let Some(call) = &self.notification {
            let message = Message::Notification(call.method.clone(), call.params.clone());
            actions.push(Action::Send(message));
        }
        if let Some(line) = &self.line {
            actions.push(Action::Send(Message::Line(line.clone())));
        }
        if let Some(path) = &self.get {
            actions.push(Action::Get(path.clone()));
        }
        if let Some(result) = &self.answer {
            actions.push(Action::Send(Message::Answer(result.clone())));
        }
        if let Some(fault) = &self.fault {
            actions.push(Action::Fault(read_fault(fault)?));
        }
        if let Some(change) = &self.change {
            actions.push(Action::Change(change.clone()));
        }
        if self.close {
            actions.push(Action::Close);
        }
        match (actions.pop(), actions.is_empty()) {
            (Some(action), true) => Ok(action),
            _ => bail!(
                "a step has exactly one of: request, notification, line, get, answer, fault, change, close"
            ),
        }
    }
}

fn read_fault(given: &Map<String, Value>) -> anyhow::Result<Fault> {
    let fault: Fault =
        serde_json::from_value(json!(given)).context("a step has a fault that is none")?;
    // What does not come out again was not understood.
    let read = json!(fault);
    match given.keys().find(|key| read.get(key).is_none()) {
        Some(key) => bail!("a fault of this effect has no {key:?}"),
        None => Ok(fault),
    }
}
