//! A server over stdio, for several workers at once: what it writes goes to whoever waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use reference_tests::harness::protocol;
use serde_json::{Value, json};
use service::lock;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use verdict::Era;

use super::calls;

/// A server, and the pipes to it. Dropped, it is killed.
pub(super) struct Pipe {
    child: Child,
    input: Arc<tokio::sync::Mutex<ChildStdin>>,
    waiting: Waiting,
    reader: JoinHandle<anyhow::Result<()>>,
}

/// Who waits for which reply.
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

impl Pipe {
    /// Starts a server, and opens the conversation if that is the custom of the era.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub(super) async fn start(mut command: Command, era: Era) -> anyhow::Result<Self> {
        use std::process::Stdio;
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).kill_on_drop(true).spawn()?;
        let input = child.stdin.take().context("the server has no input")?;
        let output = child.stdout.take().context("the server has no output")?;
        let input = Arc::new(tokio::sync::Mutex::new(input));
        let waiting = Waiting::default();
        let reader = tokio::spawn(read(output, Arc::clone(&waiting), Arc::downgrade(&input)));
        let pipe = Self {
            child,
            input,
            waiting,
            reader,
        };
        if era == Era::Legacy {
            let params = protocol::initialize_params(protocol::LEGACY, &calls::client());
            pipe.ask(&protocol::request(0, "initialize", params))
                .await?;
            let initialized = protocol::notification("notifications/initialized", Value::Null);
            send(&pipe.input, &initialized).await?;
        }
        Ok(pipe)
    }

    /// Sends a request and waits for its reply. May be given up.
    ///
    /// # Errors
    /// The server has ended.
    pub(super) async fn ask(&self, request: &Value) -> anyhow::Result<Value> {
        let (sender, reply) = oneshot::channel();
        let id = request["id"].as_u64().context("a request needs an id")?;
        lock(&self.waiting).insert(id, sender);
        send(&self.input, request).await?;
        reply.await.context("the server has ended")
    }

    /// Takes back a request that nobody waits for any more.
    ///
    /// # Errors
    /// The server has ended.
    pub(super) async fn cancel(&self, id: u64) -> anyhow::Result<()> {
        // Whoever waited is gone, and its place stays: a reply may be on its way, and is no surprise.
        let params = json!({"requestId": id});
        let message = protocol::notification("notifications/cancelled", params);
        send(&self.input, &message).await
    }

    /// The id of the process.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends the server's input, and waits until it has ended too.
    ///
    /// # Errors
    /// It does not end in time or not as it should, or has written what nobody asked for.
    pub(super) async fn end(mut self, limit: Duration) -> anyhow::Result<()> {
        drop(self.input);
        let ended = tokio::time::timeout(limit, async {
            (self.reader.await, self.child.wait().await)
        });
        let late = "the server goes on after the end of its input";
        let (read, status) = ended.await.context(late)?;
        read??;
        let status = status?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

async fn send(input: &tokio::sync::Mutex<ChildStdin>, message: &Value) -> anyhow::Result<()> {
    let written = input
        .lock()
        .await
        .write_all(format!("{message}\n").as_bytes())
        .await;
    written.context("the server does not listen any more")
}

/// Hands out what the server writes until it ends.
async fn read(
    output: ChildStdout,
    waiting: Waiting,
    // Not its own: the input is to end while this goes on reading.
    input: Weak<tokio::sync::Mutex<ChildStdin>>,
) -> anyhow::Result<()> {
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        let message: Value = serde_json::from_str(&line).context("a line that is no message")?;
        match (message["method"].as_str(), message["id"].as_u64()) {
            // A question in the middle of a call: the user agrees. Elsewhere, so that reading goes on.
            (Some(_), Some(id)) => {
                if let Some(input) = input.upgrade() {
                    let answer = json!({"jsonrpc": "2.0", "id": id, "result": calls::yes()});
                    tokio::spawn(async move { send(&input, &answer).await });
                }
            }
            (None, Some(id)) => {
                let waiter = lock(&waiting).remove(&id);
                let waiter = waiter.with_context(|| format!("a reply to nobody: {message}"))?;
                // Nobody is there any more if the call was taken back.
                let _ = waiter.send(message);
            }
            // Somebody is told about progress, or a change.
            _ => {}
        }
    }
    // Whoever still waits will wait in vain.
    lock(&waiting).clear();
    Ok(())
}
