//! What every request can reach.

use std::sync::Arc;

use anyhow::{Context, Result};
use xtask::paths::Workbook;

use super::Options;
use super::console::Consoles;
use super::exercises::Exercises;
use super::live::Live;
use super::token::Token;

/// One run of the server.
pub(crate) struct App {
    /// The secret that pages send back.
    pub(crate) token: Token,
    /// The book, kept up to date.
    pub(crate) book: Arc<Live>,
    /// Servers that are tried by hand.
    pub(crate) consoles: Consoles,
    /// The learner's work.
    pub(crate) exercises: Exercises,
}

impl App {
    /// Builds the book and starts everything that stands beside it.
    ///
    /// # Errors
    /// The system gives no randomness for the token, or the checkout has no absolute path.
    pub(crate) fn start(options: &Options) -> Result<Arc<Self>> {
        let token = Token::random()?;
        let root = std::path::absolute(&options.root)
            .with_context(|| format!("{} is no path", options.root.display()))?;
        let workbook = Workbook::at(root);
        let consoles = Consoles::new(workbook.clone());
        let exercises = Exercises::start(workbook);
        let book = Live::start(options, &token);
        Ok(Arc::new(Self {
            token,
            book,
            consoles,
            exercises,
        }))
    }

    /// Ends everything that was started, and waits for it: no process is left.
    pub(crate) async fn end(&self) {
        self.exercises.end();
        self.consoles.end().await;
    }
}
