//! On Unix: what `stty` does, by the same calls.

use std::io::{self, BufRead, ErrorKind};
use std::iter::Peekable;
use std::os::fd::AsFd;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use super::Press;

/// Columns of the terminal; none if no standard stream is one, or if it does not tell.
pub fn width() -> Option<usize> {
    let (stdout, stderr, stdin) = (io::stdout(), io::stderr(), io::stdin());
    [stdout.as_fd(), stderr.as_fd(), stdin.as_fd()]
        .into_iter()
        .find_map(|stream| tcgetwinsize(stream).ok())
        .map(|size| size.ws_col.into())
        .filter(|columns| *columns > 0)
}

/// The terminal gives every key at once and shows none, until [`SingleKeys::give_back`].
#[derive(Debug, Clone)]
pub struct SingleKeys {
    before: Termios,
}

impl SingleKeys {
    /// Takes the terminal at standard input.
    ///
    /// # Errors
    /// It is no terminal, or cannot be changed.
    pub fn take() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self { before })
    }

    /// Makes the terminal what it was.
    pub fn give_back(&self) {
        // There is no other way to do it, and whoever ends has nobody to tell.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }

    /// Waits for keys; none when the terminal is gone.
    ///
    /// # Errors
    /// Standard input cannot be read.
    pub fn wait(&self) -> io::Result<Vec<Press>> {
        let mut input = io::stdin().lock();
        loop {
            match input.fill_buf() {
                Ok(bytes) => {
                    let (length, presses) = (bytes.len(), presses(bytes));
                    input.consume(length);
                    return Ok(presses);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn presses(bytes: &[u8]) -> Vec<Press> {
    let text = String::from_utf8_lossy(bytes);
    let mut letters = text.chars().peekable();
    let mut presses = Vec::new();
    while let Some(letter) = letters.next() {
        presses.push(match letter {
            '\x03' | '\x04' => Press::Leave,
            '\x1b' => {
                skip_sequence(&mut letters);
                Press::Other
            }
            letter if letter.is_control() => Press::Other,
            letter => Press::Letter(letter),
        });
    }
    presses
}

/// Arrows and function keys are several letters: `ESC [ … letter`, `ESC [ … ~`, `ESC O letter`.
fn skip_sequence(letters: &mut Peekable<impl Iterator<Item = char>>) {
    if letters
        .next_if(|letter| matches!(letter, '[' | 'O'))
        .is_some()
    {
        letters.find(|letter| letter.is_ascii_alphabetic() || *letter == '~');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_one_press_however_many_bytes_it_sends() {
        let up_and_delete_and_f1 = b"\x1b[A\x1b[3~\x1bOPq";
        assert_eq!(
            presses(up_and_delete_and_f1),
            [Press::Other, Press::Other, Press::Other, Press::Letter('q')]
        );
        assert_eq!(presses("ä".as_bytes()), [Press::Letter('ä')]);
        assert_eq!(presses(b"\r\x03"), [Press::Other, Press::Leave]);
        assert_eq!(presses(b"\x1b"), [Press::Other]);
    }
}
