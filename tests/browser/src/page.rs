//! One browser window: what a reader does, and what they see.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{Driver, Look};

/// How long something may take to show: on a busy machine a build and its checks.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the page is looked at.
const PACE: Duration = Duration::from_millis(50);

/// A browser with one window. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Page {
    client: Client,
    base: String,
    _profile: Arc<TempDir>,
}

impl Page {
    /// A new browser for the book at `base`.
    pub(crate) async fn open(driver: &Driver, look: Look, base: &str) -> Result<Self> {
        let (client, profile) = driver.browser(look).await?;
        Ok(Self {
            client,
            base: base.to_owned(),
            _profile: Arc::new(profile),
        })
    }

    /// Goes to a page of the book.
    pub(crate) async fn visit(&self, path: &str) -> Result<()> {
        self.go(&format!("{}/{path}", self.base)).await
    }

    /// Goes to any address.
    pub(crate) async fn go(&self, address: &str) -> Result<()> {
        let gone = self.client.goto(address).await;
        gone.with_context(|| format!("{address} cannot be opened"))
    }

    /// Loads the page anew.
    pub(crate) async fn reload(&self) -> Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// Runs a script in the page; `arguments` are its `arguments`.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs a script that calls its last argument with what it has found.
    pub(crate) async fn run_until_called(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Waits until a script returns something true; `what` says it in words.
    pub(crate) async fn until(
        &self,
        what: &str,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<()> {
        let began = Instant::now();
        loop {
            // A page that is just being loaded cannot answer.
            if let Ok(Value::Bool(true)) = self.client.execute(script, arguments.clone()).await {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                bail!("{what}: not seen within {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(PACE).await;
        }
    }

    /// Waits until an element that the reader can see holds these words.
    pub(crate) async fn see(&self, selector: &str, words: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .some((one) => one.checkVisibility() && one.innerText.includes(arguments[1]));";
        let what = format!("`{words}` in {selector}");
        self.until(&what, script, vec![json!(selector), json!(words)])
            .await
    }

    /// Whether a reader can see an element now.
    pub(crate) async fn shows(&self, selector: &str) -> Result<bool> {
        let script = "return [...document.querySelectorAll(arguments[0])].some((one) => one.checkVisibility());";
        Ok(self.run(script, vec![json!(selector)]).await? == Value::Bool(true))
    }

    /// Clicks on an element, as soon as it is there.
    pub(crate) async fn click(&self, selector: &str) -> Result<()> {
        let script = "return document.querySelector(arguments[0])?.checkVisibility() ?? false;";
        self.until(selector, script, vec![json!(selector)]).await?;
        let element = self.client.find(Locator::Css(selector)).await?;
        element
            .click()
            .await
            .with_context(|| format!("{selector} cannot be clicked"))
    }

    /// Presses the button with these words inside an element, as soon as it is there.
    pub(crate) async fn press(&self, within: &str, words: &str) -> Result<()> {
        let script = "const found = [...document.querySelectorAll(`${arguments[0]} button`)]
            .find((one) => one.checkVisibility() && one.innerText.trim() === arguments[1] && !one.disabled);
            found?.click();
            return found !== undefined;";
        let what = format!("a button `{words}` in {within}");
        self.until(&what, script, vec![json!(within), json!(words)])
            .await
    }

    /// Types into a field, in place of what it holds.
    pub(crate) async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let script = "return document.querySelector(arguments[0])?.checkVisibility() ?? false;";
        self.until(selector, script, vec![json!(selector)]).await?;
        let field = self.client.find(Locator::Css(selector)).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Types on the keyboard, wherever the focus is.
    pub(crate) async fn type_keys(&self, text: &str) -> Result<()> {
        for key in text.chars() {
            self.key(key).await?;
        }
        Ok(())
    }

    /// Presses a key on the keyboard, wherever the focus is.
    pub(crate) async fn key(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Opens one more window and goes there; returns what both are called, the new one last.
    pub(crate) async fn second_window(&self) -> Result<[fantoccini::wd::WindowHandle; 2]> {
        let first = self.client.window().await?;
        let second = self.client.new_window(true).await?.handle;
        self.client.switch_to_window(second.clone()).await?;
        Ok([first, second])
    }

    /// Goes to a window.
    pub(crate) async fn switch_to(&self, window: &fantoccini::wd::WindowHandle) -> Result<()> {
        Ok(self.client.switch_to_window(window.clone()).await?)
    }

    /// Closes the window that is shown, as a reader closes a tab; another has to be switched to then.
    pub(crate) async fn close_window(&self) -> Result<()> {
        Ok(self.client.close_window().await?)
    }

    /// Keeps a picture of the window for whoever looks into a failure.
    pub(crate) async fn picture(&self, name: &str) -> Result<PathBuf> {
        let folder = std::env::temp_dir().join("workbook-browser-pictures");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.png", name.replace(' ', "-")));
        std::fs::write(&path, self.client.screenshot().await?)?;
        Ok(path)
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        // One that has gone already is what is wanted.
        let _ = self.client.close().await;
    }
}
