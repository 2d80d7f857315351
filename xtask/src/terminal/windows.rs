//! On Windows: the console, by way of crossterm. Not tested there.

use std::io;

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};

use super::Press;

/// Columns of the terminal; none if there is none.
pub fn width() -> Option<usize> {
    size().ok().map(|(columns, _)| columns.into())
}

/// The terminal gives every key at once and shows none, until [`SingleKeys::give_back`].
#[derive(Debug, Clone)]
pub struct SingleKeys(());

impl SingleKeys {
    /// Takes the terminal at standard input.
    ///
    /// # Errors
    /// It is no terminal, or cannot be changed.
    pub fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        Ok(Self(()))
    }

    /// Makes the terminal what it was.
    pub fn give_back(&self) {
        // There is no other way to do it, and whoever ends has nobody to tell.
        let _ = disable_raw_mode();
    }

    /// Waits for keys; none when the terminal is gone.
    ///
    /// # Errors
    /// The console cannot be read.
    pub fn wait(&self) -> io::Result<Vec<Press>> {
        loop {
            if let Event::Key(key) = event::read()?
                && key.kind != KeyEventKind::Release
            {
                let control = key.modifiers.contains(KeyModifiers::CONTROL);
                return Ok(vec![match key.code {
                    KeyCode::Char('c' | 'd') if control => Press::Leave,
                    KeyCode::Char(letter) => Press::Letter(letter),
                    _ => Press::Other,
                }]);
            }
        }
    }
}
