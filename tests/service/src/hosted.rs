//! A server over HTTP, run for as long as somebody needs it. It belongs to the group of this process: who kills that has
//! killed both.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// What a server writes on standard error once it can be reached.
const LISTENING: &str = "listening on ";
/// How long the last words of a server are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub struct Hosted {
    /// The address of its endpoint.
    pub url: String,
    child: Child,
}

impl Hosted {
    /// Starts the server with the argument `http`, at this port or the next free one; 0 lets the system choose. It may take
    /// `limit`. What it writes on standard error goes on to this program's.
    ///
    /// # Errors
    /// It cannot be started, ends, or does not say where it listens.
    pub async fn start(mut command: Command, port: u16, limit: Duration) -> io::Result<Self> {
        // Found here, since a client has to know how the server is called before it asks for a token.
        let free = crate::bind(port).await?;
        let address = free.local_addr()?;
        drop(free);
        command
            .arg("http")
            .env("RUST_BACKTRACE", "0")
            .env("MCP_LISTEN", address.to_string())
            .env("RESOURCE_URL", format!("http://{address}/mcp"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let name = command.as_std().get_program().display().to_string();
        let child = command.spawn();
        let mut child = child.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot start {name}: {error}"))
        })?;
        let errors = child.stderr.take();
        let errors = errors.ok_or_else(|| io::Error::other("the server has no pipes"))?;
        let (sender, told) = oneshot::channel();
        let forwarding = tokio::spawn(forward(errors, sender));
        let listening = async {
            tokio::select! {
                Ok(url) = told => Ok(url),
                status = child.wait() => Err(status),
            }
        };
        match timeout(limit, listening).await {
            Ok(Ok(url)) => Ok(Self { url, child }),
            Ok(Err(status)) => {
                let _ = timeout(LAST_WORDS, forwarding).await;
                Err(io::Error::other(format!(
                    "the server ended ({}) before it listened; what it wrote stands above",
                    status?
                )))
            }
            Err(_) => Err(io::Error::other(format!(
                "the server does not say where it listens: a line `{LISTENING}http://…` on standard error"
            ))),
        }
    }

    /// Its id, as long as it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for its end, and says how it was.
    ///
    /// # Errors
    /// The system does not know it any more.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
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
