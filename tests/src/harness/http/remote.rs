//! A running server that is reached over HTTP, and clients of it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};
use verdict::{Era, protocol};

use super::exchange::{HttpReply, HttpRequest};
use super::proxy::Proxy;
use crate::harness::context::{Launcher, Opening};
use crate::harness::finding::{Stop, Verdict, wrong};
use crate::harness::limits::spoken;
use crate::harness::log::{Arrived, ProcessLog};
use crate::harness::protocol::Client;
use crate::harness::reply::Reply;
use crate::harness::server::{Server, describe};

/// What a server writes on standard error once it can be reached.
const LISTENING: &str = "listening on ";

/// How often that is looked for.
const LOOK: Duration = Duration::from_millis(5);

/// Somebody who calls with a static token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// May do everything.
    Ada,
    /// May do everything, too, and is somebody else.
    Cleo,
    /// May read and write.
    Ben,
    /// May read.
    Eve,
}

impl Caller {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ada, Self::Cleo, Self::Ben, Self::Eve];

    /// The one with this subject.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|caller| caller.name() == name)
    }

    /// The subject of the token.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ada => "ada",
            Self::Cleo => "cleo",
            Self::Ben => "ben",
            Self::Eve => "eve",
        }
    }

    /// The token. It protects nothing: it lives as long as a check.
    pub fn token(self) -> &'static str {
        match self {
            Self::Ada => "static-token-of-ada-7c1e52d9",
            Self::Cleo => "static-token-of-cleo-5d93ab10",
            Self::Ben => "static-token-of-ben-30b8fa64",
            Self::Eve => "static-token-of-eve-e94d07a1",
        }
    }

    /// Every scope by its name: that a larger one includes the others is an exercise of its own.
    fn scope(self) -> &'static str {
        match self {
            Self::Ada | Self::Cleo => "tracker:read tracker:write tracker:admin",
            Self::Ben => "tracker:read tracker:write",
            Self::Eve => "tracker:read",
        }
    }

    /// The entries of `STATIC_TOKENS`: all of them.
    pub fn tokens() -> Value {
        let entry = |caller: Self| json!({"token": caller.token(), "sub": caller.name(), "scope": caller.scope()});
        Self::ALL.map(entry).into_iter().collect()
    }
}

/// A running server that is reached over HTTP. When it and its clones are dropped, the process is killed.
#[derive(Debug, Clone)]
pub struct Remote {
    process: Server,
    address: SocketAddr,
    path: String,
    token: String,
    /// The legacy session, if the server gave one.
    session: Arc<OnceLock<String>>,
}

impl Launcher {
    /// Starts the server with the argument `http` on a free port, tells it the static tokens, and waits until it listens.
    /// In the legacy era Ada opens the conversation.
    ///
    /// # Errors
    /// It does not say where it listens, or refuses the opening.
    pub async fn serve_http(self) -> Verdict<Remote> {
        let remote = self.listen().await?;
        remote.open_if_legacy().await?;
        Ok(remote)
    }

    /// The same, without opening a conversation.
    ///
    /// # Errors
    /// It does not say where it listens.
    pub async fn listen(self) -> Verdict<Remote> {
        let tokens = Caller::tokens().to_string();
        let launcher = self
            .under("MCP_LISTEN", "127.0.0.1:0")
            .under("STATIC_TOKENS", tokens)
            .argument("http");
        let process = launcher.start(Opening::None).await?;
        let (address, path) = listening(&process).await?;
        Ok(Remote {
            process,
            address,
            path,
            token: Caller::Ada.token().to_owned(),
            session: Arc::default(),
        })
    }
}

impl Remote {
    /// The same server, for another caller. In the legacy era, who has no session has to call [`Remote::open`].
    #[must_use]
    pub fn as_caller(&self, caller: Caller) -> Self {
        self.with_token(caller.token())
    }

    /// The same server, for somebody who has this token. In the legacy era, who has no session has to call [`Remote::open`].
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            session: Arc::default(),
            ..self.clone()
        }
    }

    /// The same server and caller, reached through a proxy, which may send what is said to another server.
    #[must_use]
    pub fn through(&self, proxy: &Proxy) -> Self {
        Self {
            address: proxy.address(),
            ..self.clone()
        }
    }

    /// The address at which it listens.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// The same as a socket has it.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The value that `Host` has for a client that was given this address.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Calls a tool as somebody who may not: the reply as HTTP.
    ///
    /// # Errors
    /// There is no reply within the request limit.
    pub async fn try_call(&self, tool: &str, arguments: Value) -> Verdict<HttpReply> {
        let params = json!({"name": tool, "arguments": arguments});
        let message = self.message("tools/call", params);
        self.send(&self.post(&message)).await
    }

    /// The path of the endpoint.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the process has said and done so far.
    pub fn log(&self) -> &ProcessLog {
        self.process.log()
    }

    /// Tells the server to end, and returns what it has written on standard error since it listens: at the start it may show
    /// its settings, which are an exercise of their own.
    pub async fn end(&self) -> String {
        self.process.terminate();
        self.log().settled(self.process.limits().request()).await;
        let log = self.log().stderr();
        match log.split_once(LISTENING) {
            Some((_, since)) => since.to_owned(),
            None => log,
        }
    }

    /// The process behind it.
    pub fn process(&self) -> &Server {
        &self.process
    }

    /// Opens a legacy conversation: `initialize`, and the notification that follows it.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn open(&self) -> Verdict {
        let message = self.opening();
        let reply = self.send(&self.post(&message)).await?;
        self.reply(&message, &reply)?.result()?;
        if let Some(session) = reply.header("mcp-session-id") {
            let _ = self.session.set(session.to_owned());
        }
        let initialized = protocol::notification("notifications/initialized", Value::Null);
        self.send(&self.post(&initialized)).await.map(drop)
    }

    /// Opens a conversation in the legacy era; the modern one has none.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn open_if_legacy(&self) -> Verdict {
        match self.process.era() {
            Era::Legacy => self.open().await,
            Era::Modern => Ok(()),
        }
    }

    /// The same server for another caller; in the legacy era with a conversation of its own.
    ///
    /// # Errors
    /// The server refuses the conversation.
    pub async fn for_caller(&self, caller: Caller) -> Verdict<Self> {
        let remote = self.as_caller(caller);
        remote.open_if_legacy().await?;
        Ok(remote)
    }

    /// The message that opens a legacy conversation.
    pub fn opening(&self) -> Value {
        let params = protocol::initialize_params(protocol::LEGACY, &Client::default());
        protocol::request(self.process.fresh_id(), "initialize", params)
    }

    /// A message of the era of this run.
    pub fn message(&self, method: &str, params: Value) -> Value {
        protocol::request(self.process.fresh_id(), method, self.process.params(params))
    }

    /// The request that carries a message, as a client of this era sends it.
    pub fn post(&self, message: &Value) -> HttpRequest {
        let era = self.process.era();
        let request = HttpRequest::carrying(message, era, (&self.host(), &self.path), &self.token);
        match self.session.get() {
            Some(session) => request.and("Mcp-Session-Id", session),
            None => request,
        }
    }

    /// Sends a request as it is.
    ///
    /// # Errors
    /// There is no reply within the request limit.
    pub async fn send(&self, request: &HttpRequest) -> Verdict<HttpReply> {
        let line = format!("{} {}", request.method, request.target);
        self.log().sent(&format!(
            "{line} {}",
            String::from_utf8_lossy(&request.body)
        ));
        let limit = self.process.limits().request();
        let failed = |got: String| {
            wrong("The server did not answer over HTTP.")
                .sent(line.clone())
                .expected("a reply")
                .got(got)
        };
        match timeout(limit, request.send(self.address)).await {
            Ok(Ok(reply)) => {
                self.log().received(&reply.got());
                Ok(reply)
            }
            Ok(Err(error)) => Err(failed(error.to_string()).into()),
            Err(_) => Err(failed(format!("nothing within {}", spoken(limit))).into()),
        }
    }

    /// Sends a request of this era and waits for its reply, be it a result or an error of the protocol.
    ///
    /// # Errors
    /// The reply carries no message for it.
    pub async fn request(&self, method: &str, params: Value) -> Verdict<Reply> {
        let message = self.message(method, params);
        let reply = self.send(&self.post(&message)).await?;
        self.reply(&message, &reply)
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// As [`Remote::request`].
    pub async fn call(&self, tool: &str, arguments: Value) -> Verdict<Reply> {
        self.request("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// The reply of the protocol that came over HTTP.
    ///
    /// # Errors
    /// There is none.
    pub fn reply(&self, message: &Value, reply: &HttpReply) -> Verdict<Reply> {
        match reply.answer_to(&message["id"]) {
            Some(answer) => {
                let arrived = Arrived {
                    message: answer,
                    heard_before: 0,
                };
                Ok(Reply::new(message.clone(), arrived, self.process.era()))
            }
            None => Err(reply
                .wrong("The reply over HTTP carries no answer.", describe(message))
                .expected("200, with the answer as JSON or in a stream of events")
                .into()),
        }
    }
}

/// Waits for the line that says where the server listens.
async fn listening(process: &Server) -> Verdict<(SocketAddr, String)> {
    let limit = process.limits().request();
    let end = Instant::now() + limit;
    loop {
        let log = process.log().stderr();
        // Only whole lines: the rest of an address may still be on its way.
        let whole = log
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        let mut told = whole.filter_map(|line| line.trim_end().strip_prefix(LISTENING));
        if let Some(url) = told.next() {
            return read_url(url).ok_or_else(|| not_told(&format!("listening on {url}")));
        }
        if Instant::now() >= end || process.log().has_ended() {
            let last = log
                .trim_end()
                .lines()
                .last()
                .unwrap_or("nothing")
                .to_owned();
            return Err(not_told(&last));
        }
        sleep(LOOK).await;
    }
}

fn not_told(got: &str) -> Stop {
    wrong("The server does not say where it listens.")
        .sent("the argument `http`, with MCP_LISTEN=127.0.0.1:0")
        .expected("a line `listening on http://127.0.0.1:PORT/mcp` on standard error")
        .got(got)
        .into()
}

fn read_url(url: &str) -> Option<(SocketAddr, String)> {
    let rest = url.strip_prefix("http://")?;
    let (address, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    Some((address.parse().ok()?, path.to_owned()))
}
