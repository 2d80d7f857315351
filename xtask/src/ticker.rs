//! One line on standard error that says how far a build is, while it takes long.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use verdict::Event;

use crate::cargo::Progress;
use crate::terminal;

/// A build that is over sooner needs no words: at a terminal, and in a pipe.
const PATIENCE: Duration = Duration::from_millis(400);
const PATIENCE_OF_PIPE: Duration = Duration::from_secs(3);
/// How often a terminal's line changes, and how often a pipe gets a new one.
const PACE_OF_TERMINAL: Duration = Duration::from_millis(100);
const PACE_OF_PIPE: Duration = Duration::from_secs(15);
/// With so many crates to go, it is the first build.
const FIRST_BUILD: usize = 20;

/// Shows [`Progress`]; the line is gone when this is dropped.
#[derive(Debug)]
pub struct Ticker {
    terminal: bool,
    began: Instant,
    shown: Option<Instant>,
    last: String,
    /// The package whose first build this is.
    first: Option<String>,
}

impl Default for Ticker {
    fn default() -> Self {
        Self::new()
    }
}

impl Ticker {
    /// Shows nothing yet.
    pub fn new() -> Self {
        Self {
            terminal: io::stderr().is_terminal(),
            began: Instant::now(),
            shown: None,
            last: String::new(),
            first: None,
        }
    }

    /// Tells how far the build of `what` is, if it is time to.
    pub fn show(&mut self, what: &str, progress: &Progress) {
        if let Progress::Crates { done, all } = progress
            && all - done > FIRST_BUILD
            && self.began.elapsed() > PATIENCE
        {
            self.first = Some(what.to_owned());
        }
        let text = words(what, progress, self.first.as_deref() == Some(what));
        let urgent = !matches!(progress, Progress::Crates { .. });
        let pace = if self.terminal {
            PACE_OF_TERMINAL
        } else {
            PACE_OF_PIPE
        };
        let due = match self.shown {
            None if self.terminal => urgent || self.began.elapsed() > PATIENCE,
            None => urgent || self.first.is_some() || self.began.elapsed() > PATIENCE_OF_PIPE,
            Some(shown) => shown.elapsed() > pace || (urgent && self.last != text),
        };
        // Every download is a line of its own: a pipe needs only the first.
        let repeated = !self.terminal && self.shown.is_some() && kind(&text) == kind(&self.last);
        let early = self.shown.is_some_and(|shown| shown.elapsed() < pace);
        if !due || (repeated && early) {
            return;
        }
        let line = if self.terminal {
            let width = terminal::width().unwrap_or(79);
            let cut: String = text.chars().take(width.saturating_sub(1)).collect();
            format!("\r{cut}\x1b[K")
        } else {
            format!("{text}\n")
        };
        self.write(&line);
        self.shown = Some(Instant::now());
        self.last = text;
    }

    /// Tells how many checks have ended; only at a terminal, where the line goes away again.
    pub fn show_checks(&mut self, count: Count) {
        if self.terminal && count.done < count.all {
            let Count { done, all } = count;
            self.write(&format!(
                "\rchecking: {done} of {all} checks have ended\x1b[K"
            ));
            self.shown = Some(Instant::now());
        }
    }

    /// Takes the line away, so that something else can be written.
    pub fn clear(&mut self) {
        if self.terminal && self.shown.take().is_some() {
            self.write("\r\x1b[K");
        }
    }

    fn write(&self, text: &str) {
        let mut output = io::stderr().lock();
        // Nobody misses a line about progress.
        let _ = output
            .write_all(text.as_bytes())
            .and_then(|()| output.flush());
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.clear();
    }
}

/// How many checks have ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// These.
    pub done: usize,
    /// Of these.
    pub all: usize,
}

impl Count {
    /// Counts what the checker says.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Plan { checks } => (self.done, self.all) = (0, checks.len()),
            Event::Finished(_) => self.done += 1,
            Event::Working | Event::Done => {}
        }
    }
}

/// What to say about the build of `what`; `first` if so much is to be built that a person must be told how much.
pub fn words(what: &str, progress: &Progress, first: bool) -> String {
    match progress {
        Progress::Fetching { line } => format!("downloading {what}, once: {line}"),
        Progress::Waiting => {
            "waiting for another cargo (an editor or another terminal builds)".into()
        }
        Progress::Crates { done, all } if first => {
            format!("building {what}: {done} of {all} crates, once, about a minute")
        }
        Progress::Crates { .. } => format!("building {what}"),
    }
}

/// The first word: lines of one kind differ in numbers only.
fn kind(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}
