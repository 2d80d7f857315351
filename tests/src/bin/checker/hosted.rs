//! A server over HTTP, run for as long as somebody needs it. It belongs to the group of this process: who kills that has
//! killed both.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reference_tests::harness::{Subject, spoken_status};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// What a server writes on standard error once it can be reached.
const LISTENING: &str = "listening on ";
/// How long that may take.
const START: Duration = Duration::from_secs(10);
/// How long the last words of a server are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A running server. Dropping it kills it.
pub(crate) struct Hosted {
    /// The address of its endpoint.
    pub(crate) url: String,
    child: Child,
}

impl Hosted {
    /// Starts the server with the argument `http`, at this port or the next free one; 0 lets the system choose. What it
    /// writes on standard error goes on to this program's.
    ///
    /// # Errors
    /// It cannot be started, ends, or does not say where it listens.
    pub(crate) async fn start(subject: &Subject, port: u16) -> anyhow::Result<Self> {
        // Found here, since a client has to know how the server is called before it asks for a token.
        let free = service::bind(port).await.context("no port is free")?;
        let address = free.local_addr()?;
        drop(free);
        let mut command = Command::new(&subject.command);
        command
            .args(&subject.arguments)
            .arg("http")
            .env("RUST_BACKTRACE", "0")
            .envs(subject.environment.iter().cloned())
            .env("MCP_LISTEN", address.to_string())
            .env("RESOURCE_URL", format!("http://{address}/mcp"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(folder) = &subject.folder {
            command.current_dir(folder);
        }
        let name = subject.command.display();
        let child = command.spawn();
        let mut child = child.with_context(|| format!("cannot start {name}"))?;
        let errors = child.stderr.take().context("the server has no pipes")?;
        let (sender, told) = oneshot::channel();
        let forwarding = tokio::spawn(forward(errors, sender));
        let listening = async {
            tokio::select! {
                Ok(url) = told => Ok(url),
                status = child.wait() => Err(status),
            }
        };
        match timeout(subject.limits.scaled(START), listening).await {
            Ok(Ok(url)) => Ok(Self { url, child }),
            Ok(Err(status)) => {
                let _ = timeout(LAST_WORDS, forwarding).await;
                let status = spoken_status(status?);
                bail!(
                    "the server ended with {status} before it listened; what it wrote stands above"
                )
            }
            Err(_) => bail!(
                "the server does not say where it listens: a line `{LISTENING}http://…` on standard error"
            ),
        }
    }

    /// Its id, as long as it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for its end, and says how it was.
    pub(crate) async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => spoken_status(status),
            Err(error) => format!("nobody knows what: {error}"),
        }
    }
}

/// Passes on what the server writes, and tells the address in it once.
async fn forward(errors: ChildStderr, told: oneshot::Sender<String>) {
    let mut told = Some(told);
    let mut lines = BufReader::new(errors).lines();
    // A pipe that cannot be read has ended; so has one with a line that is no text.
    while let Ok(Some(line)) = lines.next_line().await {
        eprintln!("{line}");
        if let Some(url) = line.strip_prefix(LISTENING)
            && let Some(told) = told.take()
        {
            // Whoever started the server may have given up.
            let _ = told.send(url.trim().to_owned());
        }
    }
}
