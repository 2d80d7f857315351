//! A server and the pipes to it. What it writes is forgotten once it is heard, however much it is.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reference_tests::harness::Subject;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A running server. Dropped, it is killed.
pub(super) struct Client {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Client {
    /// Starts the server with these variables in its environment.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(subject: &Subject, environment: &[(&str, String)]) -> anyhow::Result<Self> {
        let mut command = Command::new(&subject.command);
        if let Some(folder) = &subject.folder {
            command.current_dir(folder);
        }
        let own = subject.environment.iter();
        let mut child = command
            .args(&subject.arguments)
            .envs(own.map(|(name, value)| (name, value)))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", subject.command.display()))?;
        let input = child.stdin.take().context("the server has no input")?;
        let output = child.stdout.take().context("the server has no output")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The server does not listen any more.
    pub(super) async fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let line = format!("{message}\n");
        let written = self.input.write_all(line.as_bytes()).await;
        written.context("the server does not listen any more")
    }

    /// Waits for the next message. May be given up: what was read of it is kept.
    ///
    /// # Errors
    /// The server has ended, or says what is no message.
    pub(super) async fn hear(&mut self) -> anyhow::Result<Value> {
        match self.output.next_line().await? {
            Some(line) => serde_json::from_str(&line).context("a line that is no message"),
            None => bail!("the server has ended"),
        }
    }

    /// How much memory the server has, in KiB.
    ///
    /// # Errors
    /// The system does not say.
    pub(super) fn memory(&self) -> anyhow::Result<u64> {
        let process = self.child.id().context("the server has ended")?;
        Ok(service::resident_kib(process)?)
    }

    /// Ends the server's input and waits until it has ended too.
    ///
    /// # Errors
    /// It does not end in time, or not as it should.
    pub(super) async fn end(mut self, limit: Duration) -> anyhow::Result<()> {
        drop(self.input);
        let rest = async {
            // It may still say something, and must not wait for somebody who hears it.
            while let Ok(Some(_)) = self.output.next_line().await {}
            self.child.wait().await
        };
        let status = tokio::time::timeout(limit, rest).await;
        let status = status.context("the server goes on after the end of its input")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}
