//! A server over HTTP. Each request has a connection of its own.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use issuer::Issuer;
use reference_tests::harness::{HttpRequest, Incoming};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use verdict::Era;

/// Everything that the server lets anybody do.
const ALL: &str = "tracker:read tracker:write tracker:admin";
/// What the server writes once it can be reached.
const LISTENING: &str = "listening on ";

/// A server, and what it takes to speak with it. Dropped, it is killed.
pub(super) struct Web {
    child: Child,
    address: SocketAddr,
    path: String,
    token: String,
}

impl Web {
    /// Starts a server.
    ///
    /// # Errors
    /// It cannot be started, or does not say within `limit` where it listens.
    pub(super) async fn start(
        mut command: Command,
        issuer: &Issuer,
        limit: Duration,
    ) -> anyhow::Result<Self> {
        command
            .arg("http")
            .env("ISSUER_URL", issuer.url())
            .env("MCP_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let errors = child.stderr.take().context("the server has no pipes")?;
        let mut lines = BufReader::new(errors).lines();
        let told = timeout(limit, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(url) = line.strip_prefix(LISTENING) {
                    return Ok(url.to_owned());
                }
            }
            bail!("the server ended before it listened")
        });
        let url = told
            .await
            .context("the server does not say where it listens")??;
        // Its trail of changes is read and forgotten, however long it is.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let rest = url.strip_prefix("http://").context("no address")?;
        let place = rest.find('/').unwrap_or(rest.len());
        let (address, path) = rest.split_at(place);
        Ok(Self {
            child,
            address: address.parse()?,
            path: path.to_owned(),
            token: issuer.token(&url, "ada", ALL),
        })
    }

    /// Sends a request and waits for status and reply. Given up, the connection is closed.
    ///
    /// # Errors
    /// The connection breaks, or a stream ends without a reply.
    pub(super) async fn ask(&self, request: &Value, era: Era) -> anyhow::Result<(u16, Value)> {
        let to = (self.address.to_string(), self.path.as_str());
        let post = HttpRequest::carrying(request, era, (&to.0, to.1), &self.token);
        match post.open(self.address).await? {
            Incoming::Whole(reply) => {
                let message = reply.answer_to(&request["id"]).unwrap_or_default();
                Ok((reply.status, message))
            }
            Incoming::Stream(mut events) => {
                while let Some(data) = events.next().await? {
                    let message: Value = serde_json::from_str(&data)?;
                    if message["id"] == request["id"] && message["method"].is_null() {
                        return Ok((200, message));
                    }
                }
                bail!("the stream ended without a reply")
            }
        }
    }

    /// The id of the process.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }
}
