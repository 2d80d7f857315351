//! A journal of starts and ends: something that a process opens once and has to close.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// The journal could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the journal {}; set JOURNAL to a file that can be written: {source}", path.display())]
pub struct JournalError {
    path: PathBuf,
    source: io::Error,
}

/// The open journal. Without `JOURNAL` in the environment there is no file, and everything succeeds.
#[derive(Debug)]
pub struct Journal {
    file: Option<(PathBuf, File)>,
}

impl Journal {
    /// Opens the file that `JOURNAL` names, and notes there that this process did so.
    ///
    /// # Errors
    /// The file cannot be opened or written.
    pub fn open() -> Result<Self, JournalError> {
        let Some(path) = std::env::var_os("JOURNAL").map(PathBuf::from) else {
            return Ok(Self { file: None });
        };
        // Not locked: clients start a second process to look at a server while the first one runs.
        match OpenOptions::new().create(true).append(true).open(&path) {
            Ok(file) => {
                let mut journal = Self {
                    file: Some((path, file)),
                };
                journal.note("open")?;
                Ok(journal)
            }
            Err(source) => Err(JournalError { path, source }),
        }
    }

    /// Notes that this process is done, and closes the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn close(mut self) -> Result<(), JournalError> {
        self.note("close")
    }

    fn note(&mut self, event: &str) -> Result<(), JournalError> {
        let Some((path, file)) = &mut self.file else {
            return Ok(());
        };
        // One write for the whole line, so that lines of two processes never mix.
        let line = format!("{event} {}\n", std::process::id());
        file.write_all(line.as_bytes())
            .map_err(|source| JournalError {
                path: path.clone(),
                source,
            })
    }
}
