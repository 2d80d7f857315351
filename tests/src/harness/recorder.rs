//! The record of everything that a check and its servers said to each other.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use verdict::{From, WireLine};

use super::short;

/// A line may be this long, in bytes, before it is cut.
const LINE_LIMIT: usize = 64 * 1024;
/// All lines together may be this long, in bytes.
const TOTAL_LIMIT: usize = 2 * 1024 * 1024;

/// The record of one run of a check. Its size has a limit: a server may write without end.
pub struct Recorder {
    began: Instant,
    deaf: bool,
    inner: Mutex<Inner>,
    listener: Option<Listener>,
}

/// Who wants to hear every line at once.
type Listener = Box<dyn Fn(&WireLine) + Send + Sync>;

#[derive(Debug, Default)]
struct Inner {
    lines: Vec<WireLine>,
    bytes: usize,
    full: bool,
    processes: u32,
}

impl Recorder {
    /// An empty record that begins now.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            deaf: false,
            inner: Mutex::default(),
            listener: None,
        }
    }

    /// A record that stays empty.
    pub fn deaf() -> Self {
        Self {
            deaf: true,
            ..Self::new()
        }
    }

    /// An empty record that also tells each line to `listener`, as it comes.
    pub fn telling(listener: impl Fn(&WireLine) + Send + Sync + 'static) -> Self {
        Self {
            listener: Some(Box::new(listener)),
            ..Self::new()
        }
    }

    /// A number for one more process, counted from 1.
    pub(super) fn number_process(&self) -> u32 {
        let mut inner = lock(&self.inner);
        inner.processes += 1;
        inner.processes
    }

    /// Adds a line. Past the limit there is one last line that says so.
    pub fn add(&self, process: u32, from: From, text: &str) {
        if self.deaf {
            return;
        }
        let micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mut line = WireLine {
            micros,
            process,
            from,
            text: cut(&short::printable(text)),
        };
        if let Some(listener) = &self.listener {
            listener(&line);
        }
        let mut inner = lock(&self.inner);
        if inner.full {
            return;
        }
        inner.bytes += line.text.len() + 64;
        if inner.bytes > TOTAL_LIMIT {
            inner.full = true;
            line.text = format!("… the record ends here, after {TOTAL_LIMIT} bytes");
        }
        inner.lines.push(line);
    }

    /// The lines so far, in order of time.
    pub fn lines(&self) -> Vec<WireLine> {
        lock(&self.inner).lines.clone()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

fn cut(text: &str) -> String {
    if text.len() <= LINE_LIMIT {
        return text.into();
    }
    let mut end = LINE_LIMIT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}… ({} bytes in all)", &text[..end], text.len())
}

/// The lock, also after a panic elsewhere: what it guards is only ever added to.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_has_an_end() {
        let recorder = Recorder::new();
        let line = "x".repeat(LINE_LIMIT * 2);
        for _ in 0..1000 {
            recorder.add(1, From::Server, &line);
        }
        let lines = recorder.lines();
        let bytes: usize = lines.iter().map(|line| line.text.len()).sum();
        assert!(bytes <= TOTAL_LIMIT + LINE_LIMIT, "{bytes} bytes");
        assert!(
            lines[0]
                .text
                .ends_with(&format!("({} bytes in all)", LINE_LIMIT * 2))
        );
        assert!(lines[lines.len() - 1].text.contains("the record ends here"));
    }
}
