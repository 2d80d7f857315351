//! A run of a script over HTTP: requests with their heads, replies with theirs, and what the server writes meanwhile.

use std::mem;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reference_tests::harness::{Caller, HttpRequest, Remote};
use reference_tests::harness::{Context, protocol};
use serde_json::Value;
use tracker::Tracker;
use verdict::From;

use super::pick;
use super::placeholders::Placeholders;
use super::script::{Action, Message, Script, Step};

/// How long the recorder listens to standard error after a reply.
const LOG_WAIT: Duration = Duration::from_millis(60);

/// Headers that say nothing about the server, or differ from run to run.
const LEFT_OUT: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];

/// A server that is reached over HTTP, and what was written down so far.
pub(super) struct Web {
    remote: Remote,
    placeholders: Placeholders,
    /// How many lines of standard error are told or left out.
    told: usize,
    lines: Vec<(From, String)>,
}

impl Web {
    /// Starts the server. In the legacy era the conversation is opened, which is not told.
    ///
    /// # Errors
    /// It does not serve.
    pub(super) async fn start(
        context: &Context,
        script: &Script,
        placeholders: Placeholders,
    ) -> anyhow::Result<Self> {
        let remote = super::launcher(context, script).serve_http().await?;
        let address = remote.host();
        let name = address.replace(address.rsplit(':').next().unwrap_or_default(), "<port>");
        tokio::time::sleep(LOG_WAIT).await;
        Ok(Self {
            told: remote.log().stderr().lines().count(),
            placeholders: placeholders.and(address, name),
            remote,
            lines: Vec::new(),
        })
    }

    /// Runs the whole script. Returns who said what, in the order of telling.
    ///
    /// # Errors
    /// A step is not right, or the server does not answer.
    pub(super) async fn run(
        mut self,
        script: Script,
        tracker: Option<&Tracker>,
    ) -> anyhow::Result<Vec<(From, String)>> {
        for step in &script.step {
            self.perform(step, tracker).await?;
        }
        let lines = mem::take(&mut self.lines).into_iter();
        Ok(lines
            .map(|(from, text)| (from, self.placeholders.put_into(&text)))
            .collect())
    }

    async fn perform(&mut self, step: &Step, tracker: Option<&Tracker>) -> anyhow::Result<()> {
        let (message, request) = match step.action()? {
            Action::Fault(fault) => {
                let tracker = tracker.context("a fault is for chapters with a tracker")?;
                tracker.fault(fault)?;
                return Ok(());
            }
            Action::Get(path) => {
                let request = HttpRequest::new("GET", &path).and("Host", &self.remote.host());
                (Value::Null, request)
            }
            Action::Send(message) => self.post(message, step)?,
            _ => bail!("over HTTP a step is one of: request, notification, line, get, fault"),
        };
        let request = with_headers(request, step);
        let reply = self.remote.send(&request).await?;
        for (name, pointer) in &step.names {
            let answer = reply.answer_to(&message["id"]).unwrap_or_default();
            self.placeholders.learn(name, pointer, &answer)?;
        }
        tokio::time::sleep(LOG_WAIT).await;
        let log = self.remote.log().stderr();
        let new: Vec<String> = log.lines().skip(self.told).map(str::to_owned).collect();
        self.told += new.len();
        if step.show {
            self.lines.push((From::Client, spoken(&request)));
            let body = match &step.pick {
                Some(name) => {
                    let answer = reply.answer_to(&message["id"]).unwrap_or_default();
                    pick::one(&answer, name)?.to_string()
                }
                None => reply.text(),
            };
            let told = with_head(reply.status_line(), reply.headers(), &body);
            self.lines.push((From::Server, told));
            let written = new.into_iter().map(|line| (From::Stderr, line));
            self.lines.extend(written);
        }
        Ok(())
    }

    /// A message, and the request that carries it.
    fn post(&self, message: Message, step: &Step) -> anyhow::Result<(Value, HttpRequest)> {
        let (remote, nobody) = match step.caller.as_deref() {
            None => (self.remote.clone(), false),
            Some("nobody") => (self.remote.clone(), true),
            Some(name) => {
                let caller = Caller::named(name).with_context(|| format!("nobody is {name}"))?;
                (self.remote.as_caller(caller), false)
            }
        };
        let message = match message {
            Message::Request(method, params) => remote.message(&method, params).to_string(),
            Message::Notification(method, params) => {
                protocol::notification(&method, params).to_string()
            }
            Message::Line(line) => line,
            Message::Answer(_) => bail!("over HTTP an answer is part of a request"),
        };
        let text = self.placeholders.fill(&message);
        let message: Value = serde_json::from_str(&text).unwrap_or_default();
        let request = remote.post(&message).body(text);
        let request = match nobody {
            true => request.without("Authorization"),
            false => request,
        };
        Ok((message, request))
    }
}

fn with_headers(mut request: HttpRequest, step: &Step) -> HttpRequest {
    for (name, value) in &step.headers {
        request = match value.is_empty() {
            true => request.without(name),
            false => request.header(name, value),
        };
    }
    request
}

fn spoken(request: &HttpRequest) -> String {
    let line = format!("{} {} HTTP/1.1", request.method, request.target);
    with_head(
        &line,
        &request.headers,
        &String::from_utf8_lossy(&request.body),
    )
}

/// A message with its head: an empty line stands between it and the body.
fn with_head(line: &str, headers: &[(String, String)], body: &str) -> String {
    let mut text = line.to_owned();
    for (name, value) in headers {
        if !LEFT_OUT.contains(&name.to_ascii_lowercase().as_str()) {
            text += &format!("\n{name}: {value}");
        }
    }
    match body.is_empty() {
        true => text,
        false => format!("{text}\n\n{body}"),
    }
}
