//! Keys of `watch`: single keys at a terminal, lines elsewhere.

use std::io::{self, BufRead, IsTerminal, Write};
use std::panic;
use std::sync::mpsc::Sender;
use std::thread;

use anyhow::Result;
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::News;

/// What a person can ask for while watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// The next hint.
    Hint,
    /// The next exercise.
    Next,
    /// The end.
    Quit,
    /// Anything else: tell which keys there are.
    Other,
}

/// The terminal while single keys are read; given back as it was when dropped.
pub(super) struct Keys {
    raw: bool,
}

impl Keys {
    /// Begins to read keys and sends them on.
    pub(super) fn read(sender: Sender<News>) -> Result<Self> {
        let raw = io::stdin().is_terminal();
        if raw {
            enable_raw_mode()?;
            // A panic must not leave the terminal without echo and line ends.
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                let _ = disable_raw_mode();
                before(info);
            }));
            thread::spawn(move || single_keys(&sender));
        } else {
            thread::spawn(move || lines(&sender));
        }
        Ok(Self { raw })
    }

    /// Writes text; a terminal that gives single keys does not return the carriage by itself.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut output = io::stdout().lock();
        if self.raw {
            output.write_all(text.replace('\n', "\r\n").as_bytes())?;
        } else {
            output.write_all(text.as_bytes())?;
        }
        output.flush()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if self.raw {
            // There is no other way to give it back.
            let _ = disable_raw_mode();
        }
    }
}

fn single_keys(sender: &Sender<News>) {
    while let Ok(event) = event::read() {
        let Event::Key(key) = event else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let key = match key.code {
            KeyCode::Char('c' | 'd') if control => Key::Quit,
            KeyCode::Char(letter) => key_of(letter),
            _ => Key::Other,
        };
        if sender.send(News::Key(key)).is_err() {
            return;
        }
    }
}

/// The end of input is no key: watching goes on, as in a build log.
fn lines(sender: &Sender<News>) {
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let Some(letter) = line.trim().chars().next() else {
            continue;
        };
        if sender.send(News::Key(key_of(letter))).is_err() {
            return;
        }
    }
}

fn key_of(letter: char) -> Key {
    match letter.to_ascii_lowercase() {
        'h' => Key::Hint,
        'n' => Key::Next,
        'q' => Key::Quit,
        _ => Key::Other,
    }
}
