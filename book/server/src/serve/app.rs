//! What every request can reach.

use std::sync::Arc;

use anyhow::Result;

use xtask::paths::Workbook;

use super::Options;
use super::console::Consoles;
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
}

impl App {
    /// Builds the book and starts everything that stands beside it.
    ///
    /// # Errors
    /// The system gives no randomness for the token, or the checkout is not where it should be.
    pub(crate) fn start(options: &Options) -> Result<Arc<Self>> {
        let token = Token::random()?;
        let book = Live::start(options, &token);
        let consoles = Consoles::new(Workbook::at(&options.root)?);
        Ok(Arc::new(Self {
            token,
            book,
            consoles,
        }))
    }
}
