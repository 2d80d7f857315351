//! Recording scripts, as they stand in `book/src/…/wire/NAME.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use verdict::Era;

/// A script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// What the book calls the exchange.
    #[serde(rename = "title")]
    _title: String,
    /// The chapter whose solution is run. The command line says where it is.
    pub server: String,
    /// The era in which requests are written.
    pub era: Era,
    /// Further environment. Without `RUST_LOG` the server's log is off.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Further arguments of the command.
    #[serde(default)]
    pub args: Vec<String>,
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
    /// The end of the input; the end of the process is recorded.
    #[serde(default)]
    pub close: bool,
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

/// What a step sends.
#[derive(Debug)]
pub(super) enum Message {
    /// Method and parameters; the recorder adds the id and what the era demands.
    Request(String, Value),
    /// Method and parameters.
    Notification(String, Value),
    /// A line as it is.
    Line(String),
}

impl Step {
    /// What is sent.
    ///
    /// # Errors
    /// The step says nothing, or several things.
    pub(super) fn message(&self) -> anyhow::Result<Message> {
        match (&self.request, &self.notification, &self.line) {
            (Some(call), None, None) => {
                Ok(Message::Request(call.method.clone(), call.params.clone()))
            }
            (None, Some(call), None) => Ok(Message::Notification(
                call.method.clone(),
                call.params.clone(),
            )),
            (None, None, Some(line)) => Ok(Message::Line(line.clone())),
            _ => anyhow::bail!("a step has exactly one of: request, notification, line, close"),
        }
    }
}
