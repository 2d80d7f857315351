//! ChromeDriver, and the browsers that it starts.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use xtask::group::Group;

/// How long the driver may take to listen.
const START: Duration = Duration::from_secs(30);
const MISSING: &str =
    "install Debian's chromium and chromium-driver, or put both programs on the PATH";

/// How a browser shows pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Of the window, in pixels.
    pub(crate) width: u32,
    /// The reader prefers dark pages.
    pub(crate) dark: bool,
    /// Pages may run scripts.
    pub(crate) script: bool,
}

/// A running ChromeDriver. Dropping it ends it with all its browsers.
pub(crate) struct Driver {
    processes: Group,
    address: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.processes.kill();
    }
}

impl Driver {
    /// Starts the driver on a port of its own choice.
    ///
    /// # Errors
    /// It is not installed, or does not say where it listens.
    pub(crate) async fn start() -> Result<Self> {
        let mut command = Command::new("chromedriver");
        command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut processes = Group::start(command)
            .with_context(|| format!("chromedriver cannot be started: {MISSING}"))?;
        let stdout = processes.stdout().context("chromedriver has no output")?;
        let (told, port) = oneshot::channel();
        // Reads to the end: whoever stops reading stops the writer sooner or later.
        thread::spawn(move || {
            let mut told = Some(told);
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let port = line.strip_prefix("ChromeDriver was started successfully on port ");
                if let Some(port) = port
                    && let Some(told) = told.take()
                {
                    // Nobody waits any more if it took too long.
                    let _ = told.send(port.trim_end_matches('.').to_owned());
                }
            }
        });
        // From here on it is ended, whatever happens.
        let mut driver = Self {
            processes,
            address: String::new(),
        };
        let port = tokio::time::timeout(START, port)
            .await
            .context("chromedriver does not start")?
            .context("chromedriver ended without a port")?;
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    /// A new browser that has never been anywhere, with the folder of its profile.
    ///
    /// # Errors
    /// Chromium is not installed or does not start.
    pub(crate) async fn browser(&self, look: Look) -> Result<(Client, TempDir)> {
        let profile = tempfile::Builder::new()
            .prefix("workbook-browser-")
            .tempdir()?;
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        arguments.push(format!("--window-size={},900", look.width));
        if look.dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut options = json!({ "args": arguments });
        if !look.script {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wanted = Map::from_iter([
            ("browserName".to_owned(), Value::from("chrome")),
            ("goog:chromeOptions".to_owned(), options),
        ]);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&self.address)
            .await
            .with_context(|| format!("Chromium does not start: {MISSING}"))?;
        Ok((client, profile))
    }
}
