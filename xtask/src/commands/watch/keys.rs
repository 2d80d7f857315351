//! Keys of `watch`: single keys at a terminal, lines elsewhere.

use std::io::{self, BufRead, IsTerminal, Write};
use std::panic;
use std::sync::mpsc::Sender;
use std::thread;

use anyhow::Result;
use xtask::terminal::{Press, SingleKeys};

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
    single: Option<SingleKeys>,
}

impl Keys {
    /// Begins to read keys and sends them on.
    pub(super) fn read(sender: Sender<News>) -> Result<Self> {
        if !io::stdin().is_terminal() {
            thread::spawn(move || lines(&sender));
            return Ok(Self { single: None });
        }
        let single = SingleKeys::take()?;
        // A panic must not leave the terminal without echo and line ends.
        let (before, taken) = (panic::take_hook(), single.clone());
        panic::set_hook(Box::new(move |info| {
            taken.give_back();
            before(info);
        }));
        let taken = single.clone();
        thread::spawn(move || single_keys(&taken, &sender));
        let single = Some(single);
        Ok(Self { single })
    }

    /// Writes text; a terminal that gives single keys does not return the carriage by itself.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut output = io::stdout().lock();
        if self.single.is_some() {
            output.write_all(text.replace('\n', "\r\n").as_bytes())?;
        } else {
            output.write_all(text.as_bytes())?;
        }
        output.flush()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(single) = &self.single {
            single.give_back();
        }
    }
}

/// Ends when the terminal is gone: a closed one also sends a signal, and that ends the watching.
fn single_keys(terminal: &SingleKeys, sender: &Sender<News>) {
    while let Ok(presses) = terminal.wait()
        && !presses.is_empty()
    {
        for press in presses {
            let key = match press {
                Press::Letter(letter) => key_of(letter),
                Press::Leave => Key::Quit,
                Press::Other => Key::Other,
            };
            if sender.send(News::Key(key)).is_err() {
                return;
            }
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
