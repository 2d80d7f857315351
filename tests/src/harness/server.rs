//! A running server, and speaking with it.

use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, oneshot};
use tokio::time::Instant;
use verdict::{Era, spoken_status};

use super::finding::{Verdict, Wrong, wrong};
use super::limits::{Limits, spoken};
use super::log::{Arrived, ProcessLog, Waiting};
use super::process::{Input, Process};
use super::protocol::{self, Client};
use super::recorder::lock;
use super::reply::Reply;
use super::short;

/// A running server. Requests may be in flight side by side; replies are matched by id.
/// When it and its clones are dropped, the process and all that it has started are killed.
#[derive(Debug, Clone)]
pub struct Server {
    era: Era,
    client: Client,
    limits: Limits,
    next_id: Arc<AtomicU64>,
    stdin: Arc<Mutex<Option<Stdin>>>,
    process: Process,
    log: Arc<ProcessLog>,
}

/// A request that was sent and whose reply is awaited.
#[derive(Debug)]
#[must_use = "the reply is what matters"]
pub struct Pending {
    request: Value,
    era: Era,
    sent: Instant,
    limit: Duration,
    reply: oneshot::Receiver<Arrived>,
    log: Arc<ProcessLog>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy)]
pub struct Ending {
    /// Its exit status.
    pub status: ExitStatus,
}

impl Ending {
    /// Whether it ended with exit code 0.
    pub fn is_normal(&self) -> bool {
        self.status.success()
    }

    /// Such as `exit code 1` or `signal 15 (SIGTERM)`.
    pub fn spoken(&self) -> String {
        spoken_status(self.status)
    }
}

impl Server {
    pub(super) fn new(
        era: Era,
        limits: Limits,
        stdin: Input,
        process: Process,
        log: Arc<ProcessLog>,
    ) -> Self {
        Self {
            era,
            client: Client::default(),
            limits,
            next_id: Arc::new(AtomicU64::new(1)),
            stdin: Arc::new(Mutex::new(Some(Stdin(stdin)))),
            process,
            log,
        }
    }

    /// The era in which requests are written.
    pub fn era(&self) -> Era {
        self.era
    }

    /// How long things may take.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// What the process has said and done so far.
    pub fn log(&self) -> &ProcessLog {
        &self.log
    }

    /// Says the next requests in the name of this client (modern era: in `_meta`).
    pub fn introduce_as(&mut self, client: Client) {
        self.client = client;
    }

    /// The parameters as a request of this era has them.
    pub fn params(&self, params: Value) -> Value {
        protocol::params_in(self.era, params, &self.client)
    }

    /// An id that no request of this server had.
    pub fn fresh_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Opens a legacy connection: `initialize`, and the notification that follows it.
    ///
    /// # Errors
    /// The server refuses, or does not answer.
    pub async fn initialize(&self, version: &str) -> Verdict<Reply> {
        let params = protocol::initialize_params(version, &self.client);
        let id = self.fresh_id();
        let message = protocol::request(id, "initialize", params);
        let reply = self.ask(message).await?;
        reply.result()?;
        let initialized = protocol::notification("notifications/initialized", Value::Null);
        self.send_line(&initialized.to_string()).await?;
        Ok(reply)
    }

    /// Sends a request of this era and waits for its reply, be it a result or an error.
    ///
    /// # Errors
    /// There is no reply within the request limit.
    pub async fn request(&self, method: &str, params: Value) -> Verdict<Reply> {
        self.begin(method, params).await?.reply().await
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// As [`Server::request`].
    pub async fn call(&self, tool: &str, arguments: Value) -> Verdict<Reply> {
        self.begin_call(tool, arguments).await?.reply().await
    }

    /// Calls a tool without waiting for the reply.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn begin_call(&self, tool: &str, arguments: Value) -> Verdict<Pending> {
        self.begin("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// Sends a request of this era without waiting for the reply.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn begin(&self, method: &str, params: Value) -> Verdict<Pending> {
        let message = protocol::request(self.fresh_id(), method, self.params(params));
        self.begin_message(message).await
    }

    /// Sends a request exactly as it is, and waits for its reply.
    ///
    /// # Errors
    /// As [`Server::request`].
    pub async fn ask(&self, message: Value) -> Verdict<Reply> {
        self.begin_message(message).await?.reply().await
    }

    /// Sends a request exactly as it is, without waiting for the reply.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn begin_message(&self, message: Value) -> Verdict<Pending> {
        let line = message.to_string();
        let pending = self.expect_reply(message);
        self.send_line(&line).await?;
        Ok(pending)
    }

    /// Waits for the reply to a request that is sent by other means, such as a raw line.
    pub fn expect_reply(&self, request: Value) -> Pending {
        let (sender, reply) = oneshot::channel();
        let id = request.get("id").cloned().unwrap_or_default();
        let method = method_of(&request).to_owned();
        let waiting = Waiting {
            method,
            reply: sender,
        };
        let mut known = lock(&self.log.inner);
        if !known.stdout_ended && known.flood.is_none() {
            known.waiting.insert(id.to_string(), waiting);
        }
        drop(known);
        Pending {
            request,
            era: self.era,
            sent: Instant::now(),
            limit: self.limits.request(),
            reply,
            log: Arc::clone(&self.log),
        }
    }

    /// Sends a line as it is. A line that the server no longer reads is no fault here: the missing
    /// reply will be.
    ///
    /// # Errors
    /// The server lives, but has not read its input for the length of the request limit.
    pub async fn send_line(&self, line: &str) -> Verdict {
        self.log.sent(line);
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        let write = async {
            if let Some(stdin) = self.stdin.lock().await.as_mut() {
                // A broken pipe means that the server has ended, which its log tells better.
                let _ = stdin.0.write_all(&bytes).await;
                let _ = stdin.0.flush().await;
            }
        };
        let limit = self.limits.request();
        match tokio::time::timeout(limit, write).await {
            Ok(()) => Ok(()),
            Err(_) => Err(wrong(format!(
                "The server did not read its standard input for {}.",
                spoken(limit)
            ))
            .sent(short::line(line))
            .expected("a server that goes on reading while it works")
            .got("a full pipe")
            .into()),
        }
    }

    /// Ends the server's standard input, as a client does that hangs up.
    pub async fn close_input(&self) {
        if self.stdin.lock().await.take().is_some() {
            self.log.note("standard input closed");
        }
    }

    /// Tells the process group to stop, with SIGTERM. Unix only; elsewhere nothing happens.
    pub fn terminate(&self) {
        self.log.note("SIGTERM sent");
        self.process.terminate();
    }

    /// Waits until the process has ended by itself.
    ///
    /// # Errors
    /// It has not ended within `limit` (× the time factor); `when` says since what.
    pub async fn ending(&self, limit: Duration, when: &str) -> Verdict<Ending> {
        let limit = self.limits.scaled(limit);
        let exited = tokio::time::timeout(limit, self.process.exited()).await;
        match exited {
            Ok(Some(status)) => Ok(Ending { status }),
            Ok(None) => Err(super::Stop::Fault(
                "lost sight of the server process".into(),
            )),
            Err(_) => Err(wrong(format!(
                "The server was still running {} after {when}.",
                spoken(limit)
            ))
            .sent(when)
            .expected(format!(
                "the process ends by itself within {}",
                spoken(limit)
            ))
            .got("a process that goes on running")
            .into()),
        }
    }

    /// Kills the process and all that it has started.
    pub fn kill(&self) {
        self.process.killer().kill();
    }
}

impl Pending {
    /// The id of the request.
    pub(super) fn id(&self) -> &Value {
        &self.request["id"]
    }

    /// Gives the server more time than the usual limit (already × the time factor).
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Waits for the reply.
    ///
    /// # Errors
    /// There is none within the request limit, counted from sending, or the process has ended.
    pub async fn reply(mut self) -> Verdict<Reply> {
        self.wait().await
    }

    /// The same, for whoever waits for something else too: what was not awaited to its end can be awaited again.
    pub(super) async fn wait(&mut self) -> Verdict<Reply> {
        let (request, limit) = (&self.request, self.limit);
        match tokio::time::timeout_at(self.sent + limit, &mut self.reply).await {
            Ok(Ok(message)) => {
                let reply = Reply::new(request.clone(), message, self.era);
                if let Some(version) = reply.refused_version() {
                    lock(&self.log.inner).refused_version = Some(version);
                }
                Ok(reply)
            }
            Ok(Err(_)) => Err(no_reply(request, &self.log, limit, true).await.into()),
            Err(_) => Err(no_reply(request, &self.log, limit, false).await.into()),
        }
    }
}

/// The failure for a request without a reply.
async fn no_reply(request: &Value, log: &ProcessLog, limit: Duration, ended: bool) -> Wrong {
    let name = method_of(request);
    let (what, got) = if ended {
        // The exit status and the last words come a moment after the end of the output.
        log.settled(Duration::from_millis(200)).await;
        let known = lock(&log.inner);
        match (&known.flood, known.exit) {
            (Some(_), _) => (
                "The server flooded its output",
                "no reply, but far too much output".into(),
            ),
            (_, Some(status)) => (
                "The server ended",
                format!("no reply; {}", spoken_status(status)),
            ),
            _ => (
                "The server closed its standard output",
                "no reply; standard output ended".into(),
            ),
        }
    } else {
        ("", format!("no reply in {}", spoken(limit)))
    };
    let what = if ended {
        format!("{what} before it answered {name}.")
    } else {
        format!("The server did not answer {name}.")
    };
    let mut known = lock(&log.inner);
    known.unanswered.push(name.to_owned());
    let answered = known.answered;
    let own_id = request["id"].to_string();
    let others: Vec<String> = known
        .waiting
        .iter()
        .filter(|(id, _)| **id != own_id)
        .map(|(id, waiting)| format!("{} (id {id})", waiting.method))
        .take(5)
        .collect();
    drop(known);
    let mut wrong = wrong(what)
        .sent(describe(request))
        .expected("one reply with the id of the request")
        .got(got);
    if !ended && answered > 0 {
        wrong = wrong.note(format!("The server did answer {answered} other requests."));
    }
    if !others.is_empty() {
        wrong = wrong.note(format!("Also without a reply: {}.", short::list(others)));
    }
    wrong
}

/// The method of a request, or what stands in its place.
fn method_of(request: &Value) -> &str {
    request
        .get("method")
        .and_then(Value::as_str)
        .unwrap_or("a message without a method")
}

/// A request as a person says it: `tools/call greet {"name":"Ada"}`.
pub(super) fn describe(request: &Value) -> String {
    let method = method_of(request);
    let mut params = request.get("params").cloned().unwrap_or_default();
    if let Some(map) = params.as_object_mut() {
        // What every request of the modern era says; checks that are about it quote it themselves.
        map.remove("_meta");
    }
    if let ("tools/call" | "prompts/get", Some(name)) = (method, params["name"].as_str()) {
        return format!("{method} {name} {}", short::json(&params["arguments"]));
    }
    if method == "initialize" {
        return format!(
            "{method} with protocolVersion {}",
            params["protocolVersion"]
        );
    }
    match &params {
        Value::Object(map) if map.is_empty() => method.to_owned(),
        Value::Null => method.to_owned(),
        params => format!("{method} {}", short::json(params)),
    }
}

/// The stream behind a lock, with a `Debug` that says nothing.
struct Stdin(Input);

impl std::fmt::Debug for Stdin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("standard input")
    }
}
