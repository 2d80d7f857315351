//! Reading what a server writes: line by line, and never more than fits.

use std::sync::Arc;

use tokio::io::AsyncReadExt;

use super::log::ProcessLog;
use super::process::Output;

/// A server may write this much to one stream in one run of a check, in bytes.
const LIMIT: usize = 8 * 1024 * 1024;

/// And this many lines.
const LINE_LIMIT: usize = 20_000;

/// One of the two streams that a server writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn name(self) -> &'static str {
        match self {
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
        }
    }
}

/// Reads a stream to its end. Returns `false` if the server wrote more than anybody can read.
pub(super) async fn read(mut from: Output, stream: Stream, log: Arc<ProcessLog>) -> bool {
    let mut chunk = vec![0; 64 * 1024];
    let mut line = Vec::new();
    let mut total = 0;
    let mut lines = 0;
    // An error is the end too: a process that is killed may reset its socket.
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        total += length;
        for piece in chunk[..length].split_inclusive(|&byte| byte == b'\n') {
            line.extend_from_slice(piece);
            if line.last() == Some(&b'\n') {
                line.pop();
                lines += 1;
                take(stream, &log, &line);
                line.clear();
            }
        }
        if stream == Stream::Stdout {
            log.stdout_bytes(&chunk[..length], &line[..line.len().min(4096)]);
        }
        if total > LIMIT || lines > LINE_LIMIT {
            let amount = if lines == 0 {
                format!("{} MB without one line end", LIMIT / (1024 * 1024))
            } else if lines > LINE_LIMIT {
                format!("{LINE_LIMIT} lines")
            } else {
                format!("{} MB", LIMIT / (1024 * 1024))
            };
            log.flooded(format!(
                "The server wrote more than {amount} to {}; the checker stopped reading and ended it.",
                stream.name()
            ));
            return false;
        }
    }
    if stream == Stream::Stdout {
        log.stdout_ended();
    } else {
        if !line.is_empty() {
            log.stderr_line(&line);
        }
        log.stderr_ended();
    }
    true
}

fn take(stream: Stream, log: &ProcessLog, line: &[u8]) {
    match stream {
        // Blank lines mean nothing: JSON allows white space around a message.
        Stream::Stdout if line.iter().all(u8::is_ascii_whitespace) => {}
        Stream::Stdout => log.stdout_line(line),
        Stream::Stderr => log.stderr_line(line),
    }
}
