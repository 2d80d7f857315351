//! A server over HTTP for a client that speaks stdio: passes messages on in both directions, and signs in when it has to.
//!
//! `talk` and the console of the book are such clients. What the sign-in does is told on standard error, line by line.

mod account;
mod challenge;
mod discovery;
mod person;
mod token;
mod web;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use issuer::{MACHINE_CLIENT, MACHINE_SECRET};
use reference_tests::harness::{HttpRequest, Incoming, Subject, protocol};
use serde_json::{Value, json};
use service::Hosted;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use verdict::Era;
use verdict::signing_in::CONNECTED;

use self::account::{Account, Who};
use self::person::Asking;
use self::web::Address;
use crate::arguments::SignIn;
use crate::subject;

/// How often a request is repeated with a better token: once for one that has expired, once for one that allows too little.
const IMPROVEMENTS: usize = 2;
/// How long the first request may take: it asks who the server is.
const PROBE: Duration = Duration::from_secs(10);
/// How long replies are waited for when the input has ended.
const LAST_WAIT: Duration = Duration::from_secs(1);
/// The code of an error that the server has not put into a message.
const HTTP_ERROR: i64 = -32000;

/// Tells what the sign-in does.
macro_rules! tell {
    ($($line:tt)*) => { eprintln!("{}{}", ::verdict::signing_in::SIGN_IN, format_args!($($line)*)) };
}
use tell;

/// Passes messages on until standard input or the server ends. Without a subject, the server runs already.
///
/// # Errors
/// There is no connection, or no way to a token.
pub(crate) async fn run(options: &SignIn, subject: Option<&Subject>) -> anyhow::Result<()> {
    let who = match options.machine {
        true => Who::Machine {
            id: std::env::var("TALK_CLIENT_ID").unwrap_or(MACHINE_CLIENT.into()),
            secret: std::env::var("TALK_CLIENT_SECRET").unwrap_or(MACHINE_SECRET.into()),
        },
        false => Who::Person(Asking {
            open: options.open,
            patience: options.patience,
        }),
    };
    let hosted = match subject {
        Some(subject) => Some(subject::host(subject, 0).await?),
        None => None,
    };
    let url = match &hosted {
        Some(hosted) => hosted.url.clone(),
        None => options.url.clone().context("name a server")?,
    };
    pass_on(&url, hosted, who, options.scope.clone()).await
}

async fn pass_on(
    url: &str,
    mut hosted: Option<Hosted>,
    who: Who,
    scope: Option<String>,
) -> anyhow::Result<()> {
    let address = Address::read(url)?;
    let bridge = Arc::new(Bridge {
        account: Account::new(url.to_owned(), who, scope),
        address,
        session: OnceLock::new(),
        version: OnceLock::new(),
    });
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let mut open = JoinSet::new();
    let opening = bridge.sign_in();
    tokio::pin!(opening);
    let (mut connected, mut waiting) = (false, Vec::new());
    let mut calls = Calls::default();
    loop {
        tokio::select! {
            opened = &mut opening, if !connected => {
                opened?;
                connected = true;
                eprintln!("{CONNECTED}{url}");
                for line in waiting.drain(..) {
                    calls.pass(&mut open, &bridge, line);
                }
            }
            line = input.next_line() => match line? {
                None => break,
                Some(line) if connected => calls.pass(&mut open, &bridge, line),
                Some(line) => waiting.push(line),
            },
            Some(_) = open.join_next() => {}
            status = ended(&mut hosted) => bail!("the server ended with {status}"),
        }
    }
    calls.end_streams();
    let _ = timeout(LAST_WAIT, async {
        while open.join_next().await.is_some() {}
    })
    .await;
    Ok(())
}

async fn ended(hosted: &mut Option<Hosted>) -> String {
    match hosted {
        Some(hosted) => subject::ended(hosted).await,
        None => std::future::pending().await,
    }
}

/// What is under way.
#[derive(Default)]
struct Calls {
    by_id: HashMap<String, (AbortHandle, bool)>,
}

impl Calls {
    fn pass(&mut self, open: &mut JoinSet<()>, bridge: &Arc<Bridge>, line: String) {
        if line.trim().is_empty() {
            return;
        }
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        let is_modern = version_in(&message).is_some();
        self.by_id.retain(|_, (handle, _)| !handle.is_finished());
        if message["method"] == "notifications/cancelled" {
            let id = message["params"]["requestId"].to_string();
            // In the modern era a request over HTTP is taken back by closing its connection.
            if let Some((handle, true)) = self.by_id.get(&id) {
                handle.abort();
                return;
            }
        }
        let (bridge, id) = (Arc::clone(bridge), message["id"].to_string());
        let is_request = message["method"].is_string() && !message["id"].is_null();
        let handle = open.spawn(async move { bridge.pass(line, &message).await });
        if is_request {
            self.by_id.insert(id, (handle, is_modern));
        }
    }

    /// Subscriptions end only when somebody ends them.
    fn end_streams(&self) {
        for (handle, _) in self.by_id.values() {
            handle.abort();
        }
    }
}

/// The connection to one server.
struct Bridge {
    address: Address,
    account: Account,
    /// The session of the legacy era, if the server keeps one.
    session: OnceLock<String>,
    /// The version of the legacy era, once it is agreed.
    version: OnceLock<String>,
}

impl Bridge {
    /// Finds out whether the server wants a token, and gets one.
    async fn sign_in(&self) -> anyhow::Result<()> {
        let client = protocol::Client::default();
        let params = protocol::params_in(Era::Modern, json!({}), &client);
        let probe = protocol::request(0, "server/discover", params);
        let body = probe.to_string();
        for _ in 0..=IMPROVEMENTS {
            let sent = timeout(PROBE, self.send(&body, &probe)).await;
            let (sent, incoming) = sent.context("the server does not answer")??;
            let Incoming::Whole(reply) = incoming else {
                return Ok(());
            };
            if !matches!(reply.status, 401 | 403) {
                return Ok(());
            }
            if !self.account.improve(sent.as_deref(), &reply).await? {
                bail!("the server refuses: {}", reply.got());
            }
        }
        bail!("the server takes none of the tokens that it asked for")
    }

    /// Passes one message on, and its replies back. Whoever waits for a reply gets one, whatever happens.
    async fn pass(&self, line: String, message: &Value) {
        let is_request = message["method"].is_string() && !message["id"].is_null();
        let failed = match self.exchange(&line, message).await {
            Ok(answered) if answered || !is_request => return,
            Ok(_) => "the reply carries no answer".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        if is_request {
            let error = json!({"code": HTTP_ERROR, "message": failed});
            crate::print_line(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}));
        } else {
            eprintln!("not passed on: {failed}");
        }
    }

    /// Whether the answer was among what came.
    async fn exchange(&self, line: &str, message: &Value) -> anyhow::Result<bool> {
        for round in 0..=IMPROVEMENTS {
            let (sent, incoming) = self.send(line, message).await?;
            let reply = match incoming {
                Incoming::Stream(mut events) => {
                    let mut answered = false;
                    while let Some(event) = events.next().await? {
                        let event: Value =
                            serde_json::from_str(&event).context("an event is no JSON")?;
                        answered |= self.hand_over(message, &event);
                    }
                    return Ok(answered);
                }
                Incoming::Whole(reply) => reply,
            };
            if matches!(reply.status, 401 | 403)
                && round < IMPROVEMENTS
                && self.account.improve(sent.as_deref(), &reply).await?
            {
                continue;
            }
            if let Some(session) = reply.header("mcp-session-id") {
                let _ = self.session.set(session.to_owned());
            }
            let messages = reply.messages();
            // A status that is an error may come with a message that says more.
            if reply.status >= 400 && messages.iter().all(|one| one["id"] != message["id"]) {
                bail!("HTTP {}", reply.got());
            }
            return Ok(messages.iter().fold(false, |answered, one| {
                answered | self.hand_over(message, one)
            }));
        }
        bail!("the server takes none of the tokens that it asked for")
    }

    /// Gives a message to the client. True if it is the answer to `request`.
    fn hand_over(&self, request: &Value, message: &Value) -> bool {
        let is_answer = message["id"] == request["id"] && message.get("method").is_none();
        if is_answer
            && request["method"] == "initialize"
            && let Some(version) = message["result"]["protocolVersion"].as_str()
        {
            let _ = self.version.set(version.to_owned());
        }
        crate::print_line(message);
        is_answer
    }

    /// Sends a message with the token that there is, and says which that was.
    async fn send(
        &self,
        line: &str,
        message: &Value,
    ) -> anyhow::Result<(Option<String>, Incoming)> {
        let token = self.account.token().await;
        let mut request = self.request(line, message);
        if let Some(token) = &token {
            request = request.and("Authorization", &format!("Bearer {token}"));
        }
        let address = self.address.socket().await?;
        let incoming = request.open(address).await;
        let incoming = incoming.with_context(|| format!("POST {}", self.address.target))?;
        Ok((token, incoming))
    }

    /// The request that carries a message, as the client's era wants it.
    fn request(&self, line: &str, message: &Value) -> HttpRequest {
        let mut request = self
            .address
            .request("POST")
            .and("Content-Type", "application/json")
            .and("Accept", "application/json, text/event-stream")
            .body(line);
        if let Some(version) = version_in(message) {
            request = request.and("MCP-Protocol-Version", version);
            if let Some(method) = message["method"].as_str() {
                request = request.and("Mcp-Method", method);
            }
            let params = &message["params"];
            if let Some(name) = params["name"].as_str().or(params["uri"].as_str()) {
                request = request.and("Mcp-Name", &header_value(name));
            }
        } else {
            if let Some(version) = self.version.get() {
                request = request.and("MCP-Protocol-Version", version);
            }
            if let Some(session) = self.session.get() {
                request = request.and("Mcp-Session-Id", session);
            }
        }
        request
    }
}

/// The version that a message of the modern era carries.
fn version_in(message: &Value) -> Option<&str> {
    message["params"]["_meta"][protocol::META_VERSION].as_str()
}

/// What no header can hold is written in Base64, and says so.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http>
fn header_value(text: &str) -> String {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        && text.trim() == text
        && !text.starts_with("=?base64?");
    match plain {
        true => text.to_owned(),
        false => format!("=?base64?{}?=", STANDARD.encode(text)),
    }
}
