//! Recording an exchange: a script of messages, run against a server, and all that went over the wire.

mod placeholders;
mod script;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use reference_tests::harness::protocol::{self, Client};
use reference_tests::harness::{
    Context, Opening, Pending, Recorder, Server, Subject, Surroundings,
};
use serde_json::{Value, json};
use verdict::{From, WireLine};

use self::placeholders::Placeholders;
use self::script::{Script, Step};
use crate::arguments::RecordOptions;

/// How long the recorder listens after a message that has no reply.
const QUIET: Duration = Duration::from_millis(150);
/// How long it waits for log lines that belong to a message.
const LOG_WAIT: Duration = Duration::from_millis(60);
/// Replies that come closer together than this, in microseconds, have no order worth telling.
const BURST: u64 = 100_000;
/// How long a server may take to end after its input ended.
const END: Duration = Duration::from_secs(7);

/// Runs the script and prints the exchange, one JSON object a line.
///
/// # Errors
/// The script is not right, or the server does not do its part.
pub(crate) async fn record(options: &RecordOptions, mut subject: Subject) -> anyhow::Result<()> {
    let path = &options.script;
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let script: Script =
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    subject.arguments.extend(script.args.iter().map(Into::into));
    let recorder = Arc::new(Recorder::new());
    let context = Context::new(
        Arc::new(subject),
        script.era,
        match options.tracker {
            true => Surroundings::WithTracker,
            false => Surroundings::Plain,
        },
        Arc::clone(&recorder),
    );

    let mut launcher = context.server().env("RUST_LOG", "off");
    for (name, value) in &script.env {
        launcher = launcher.env(name, value);
    }
    let mut server = launcher.start(Opening::None).await?;
    server.introduce_as(Client::new("book", "0.1.0"));
    let mut session = Session {
        server,
        recorder,
        logs: script
            .env
            .get("RUST_LOG")
            .is_some_and(|level| level != "off"),
        taken: 0,
        hidden: HashSet::new(),
        lines: Vec::new(),
    };
    session.take();
    session.lines.clear();
    if script.opens_with_handshake() {
        session.shake_hands().await?;
    }
    session.run(script.step).await?;

    let placeholders = Placeholders::new(&script.server, context.folder()?);
    for line in session.lines {
        println!(
            "{}",
            json!({"from": line.from, "text": placeholders.put_into(&line.text)})
        );
    }
    drop(session.server);
    context.finish().await;
    Ok(())
}

struct Session {
    server: Server,
    recorder: Arc<Recorder>,
    /// Whether the script wants the server's log.
    logs: bool,
    /// How many lines of the record are in `lines` already.
    taken: usize,
    /// Ids of requests that are left out, with their replies.
    hidden: HashSet<String>,
    lines: Vec<WireLine>,
}

impl Session {
    /// The legacy handshake. It has the id 0, and is not shown: a script that wants to show it spells it out.
    async fn shake_hands(&mut self) -> anyhow::Result<()> {
        let params = protocol::initialize_params(protocol::LEGACY, &Client::new("book", "0.1.0"));
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

    async fn run(&mut self, steps: Vec<Step>) -> anyhow::Result<()> {
        let mut open = Vec::new();
        let mut unanswered = false;
        let last = steps.len().saturating_sub(1);
        for (index, step) in steps.into_iter().enumerate() {
            if step.close {
                self.server.close_input().await;
                replies(&mut open).await?;
                self.server.ending(END, "its standard input ended").await?;
                self.server.log().settled(QUIET).await;
                self.take();
                continue;
            }
            let together = step.together && index != last;
            match self.send(&step).await? {
                Some(pending) => open.push(pending),
                None => unanswered = true,
            }
            if together {
                continue;
            }
            replies(&mut open).await?;
            if std::mem::take(&mut unanswered) {
                tokio::time::sleep(QUIET).await;
            }
            self.settle().await;
            self.take();
        }
        Ok(())
    }

    /// Sends the message of a step; returns what to wait for, if there will be a reply.
    async fn send(&mut self, step: &Step) -> anyhow::Result<Option<Pending>> {
        let (message, line) = match step.message()? {
            script::Message::Request(method, params) => {
                let id = self.server.fresh_id();
                let params = match method.as_str() {
                    "initialize" => params,
                    _ => self.server.params(params),
                };
                let message = protocol::request(id, &method, params);
                let line = message.to_string();
                (message, line)
            }
            script::Message::Notification(method, params) => {
                let message = protocol::notification(&method, params);
                let line = message.to_string();
                (message, line)
            }
            script::Message::Line(line) => (serde_json::from_str(&line).unwrap_or_default(), line),
        };
        let is_request = message["method"].is_string()
            && (message["id"].is_string() || message["id"].is_number());
        if !step.show {
            self.hidden.insert(message["id"].to_string());
        }
        let pending = (is_request && step.reply).then(|| self.server.expect_reply(message));
        self.server.send_line(&line).await?;
        if !step.show && !is_request {
            // Nothing but the line itself belongs to it.
            self.taken += 1;
        }
        Ok(pending)
    }

    async fn settle(&self) {
        if self.logs {
            tokio::time::sleep(LOG_WAIT).await;
        }
    }

    /// Takes over what was recorded since the last time, in an order that is the same every time: what was
    /// sent, the replies, the log, the end.
    fn take(&mut self) {
        let all = self.recorder.lines();
        let mut new: Vec<WireLine> = all[self.taken.min(all.len())..].to_vec();
        self.taken = all.len();
        new.retain(|line| !self.is_hidden(line));
        let (replies, others): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|line| line.from == From::Server);
        let (before, after): (Vec<_>, Vec<_>) = others.into_iter().partition(is_before_replies);
        let (log, end): (Vec<_>, Vec<_>) = after
            .into_iter()
            .partition(|line| line.from == From::Stderr);
        self.lines
            .extend([before, sorted_in_bursts(replies), log, end].concat());
    }

    fn is_hidden(&self, line: &WireLine) -> bool {
        let id = serde_json::from_str::<Value>(&line.text).map(|message| message["id"].to_string());
        let is_message = matches!(line.from, From::Client | From::Server);
        is_message && id.is_ok_and(|id| id != "null" && self.hidden.contains(&id))
    }
}

/// Waits for all replies that are due.
async fn replies(open: &mut Vec<Pending>) -> anyhow::Result<()> {
    for pending in open.drain(..) {
        pending.within(Duration::from_secs(15)).reply().await?;
    }
    Ok(())
}

fn told(wrong: reference_tests::harness::Wrong) -> anyhow::Error {
    reference_tests::harness::Stop::from(wrong).into()
}

fn is_before_replies(line: &WireLine) -> bool {
    match line.from {
        From::Client => true,
        From::Process => line.text.contains("input closed"),
        From::Server | From::Stderr => false,
    }
}

/// Replies that came at about the same time are sorted by id; those that came apart stay as they came.
fn sorted_in_bursts(lines: Vec<WireLine>) -> Vec<WireLine> {
    let mut bursts: Vec<Vec<WireLine>> = Vec::new();
    for line in lines {
        match bursts.last_mut() {
            Some(burst)
                if burst
                    .last()
                    .is_some_and(|last| line.micros < last.micros + BURST) =>
            {
                burst.push(line);
            }
            _ => bursts.push(vec![line]),
        }
    }
    bursts.iter_mut().for_each(|burst| sort_by_id(burst));
    bursts.concat()
}

/// Sorts by id, numbers first. What has no id, such as a notification, goes before the replies.
fn sort_by_id(lines: &mut [WireLine]) {
    lines.sort_by_key(|line| {
        let message: Value = serde_json::from_str(&line.text).unwrap_or_default();
        let id = &message["id"];
        (
            id.is_string(),
            id.as_u64().unwrap_or(0),
            id.as_str().unwrap_or_default().to_owned(),
        )
    });
}
