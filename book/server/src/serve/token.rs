//! The secret of one run of the server.

use std::fmt::{self, Write};

use anyhow::{Context, Result};

/// Bytes of randomness: nobody guesses 256 bits.
const BYTES: usize = 32;

/// What a page must send back to have code run or files read.
///
/// The server writes it into its own pages, and a page of another site can neither read those nor set the header.
/// It does not keep out another account on this machine: whoever can open the port can read a page.
pub(crate) struct Token(String);

impl Token {
    /// A new secret.
    ///
    /// # Errors
    /// The system gives no randomness; then nothing may run.
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
        let mut text = String::with_capacity(2 * BYTES);
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    /// The secret itself, for a page of this server.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this secret. Takes the same time wherever the two differ.
    pub(crate) fn is(&self, other: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let differences = own
            .iter()
            .zip(other)
            .fold(0, |differences, (one, other)| differences | (one ^ other));
        own.len() == other.len() && differences == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_the_secret() {
        let token = Token::random().expect("randomness");
        let text = token.text().to_owned();
        assert_eq!(text.len(), 2 * BYTES);
        assert!(token.is(text.as_bytes()));
        assert!(!token.is(b""));
        assert!(!token.is(&text.as_bytes()[1..]));
        assert!(!token.is(format!("{text}0").as_bytes()));
        assert!(!token.is(Token::random().expect("randomness").text().as_bytes()));
    }
}
