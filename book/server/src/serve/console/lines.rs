//! The lines of a process, however long they are: what is kept of each has a limit.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// What is kept of a line in bytes. A longer reply cannot be read.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;

/// One line, without its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// Its beginning; all of it unless something was left out.
    pub(super) bytes: Vec<u8>,
    /// How many bytes were left out.
    pub(super) left_out: u64,
}

impl Line {
    /// Its length as it was written.
    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64 + self.left_out
    }
}

/// Reads lines one by one.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    longest: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn of(input: R) -> Self {
        Self::no_longer_than(LONGEST, input)
    }

    fn no_longer_than(longest: usize, input: R) -> Self {
        let input = BufReader::with_capacity(64 * 1024, input);
        Self { input, longest }
    }

    /// The next line; none at the end. The last one may have no line break.
    pub(super) async fn next(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line::default();
        let mut begun = false;
        loop {
            let chunk = self.input.fill_buf().await?;
            if chunk.is_empty() {
                return Ok(begun.then_some(line));
            }
            begun = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = self.longest - line.bytes.len();
            let kept = part.len().min(room);
            line.bytes.extend_from_slice(&part[..kept]);
            line.left_out += (part.len() - kept) as u64;
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                if line.left_out == 0 && line.bytes.last() == Some(&b'\r') {
                    line.bytes.pop();
                }
                return Ok(Some(line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(longest: usize, text: &[u8]) -> Vec<Line> {
        let mut lines = Lines::no_longer_than(longest, text);
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.expect("a slice can be read") {
            read.push(line);
        }
        read
    }

    fn line(text: &str, left_out: u64) -> Line {
        Line {
            bytes: text.into(),
            left_out,
        }
    }

    #[tokio::test]
    async fn lines_end_with_a_break_or_with_the_input() {
        let read = all(100, b"one\n\ntwo\r\nlast").await;
        assert_eq!(
            read,
            [line("one", 0), line("", 0), line("two", 0), line("last", 0)]
        );
    }

    #[tokio::test]
    async fn of_a_long_line_the_beginning_is_kept_and_the_next_one_is_whole() {
        let text = format!("{}\nshort\n", "a".repeat(200_000));
        let read = all(10, text.as_bytes()).await;
        assert_eq!(read, [line("aaaaaaaaaa", 199_990), line("short", 0)]);
        assert_eq!(read[0].len(), 200_000);
    }
}
