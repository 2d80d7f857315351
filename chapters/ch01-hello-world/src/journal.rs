//! A journal of starts and ends: something that a process opens once and has to close.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};

/// The open journal. Without `JOURNAL` in the environment there is no file, and all succeeds.
#[derive(Debug)]
pub struct Journal {
    file: Option<File>,
}

impl Journal {
    /// Opens the file that `JOURNAL` names, and notes there that this process did so.
    ///
    /// # Errors
    /// The file cannot be opened or written.
    pub fn open() -> io::Result<Self> {
        let Some(path) = std::env::var_os("JOURNAL") else {
            return Ok(Self { file: None });
        };
        // Not locked: a client may start a second process while the first one runs.
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(|error| {
            let path = path.display();
            io::Error::other(format!(
                "JOURNAL must name a file to write, not {path}: {error}"
            ))
        })?;
        let mut journal = Self { file: Some(file) };
        journal.note("open")?;
        Ok(journal)
    }

    /// Notes that this process is done, and closes the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn close(mut self) -> io::Result<()> {
        self.note("close")
    }

    fn note(&mut self, event: &str) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // One write for the whole line, so that the lines of two processes never mix.
        file.write_all(format!("{event} {}\n", std::process::id()).as_bytes())
    }
}
