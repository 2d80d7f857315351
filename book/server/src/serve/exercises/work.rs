//! A verdict in the making, as pages show it.

use std::collections::BTreeMap;

use serde::Serialize;
use verdict::{Event, Outcome};
use xtask::cargo::Progress;
use xtask::ticker;

/// With so many crates to go, it is the first build.
const FIRST_BUILD: usize = 20;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    Building,
    Checking,
    /// The verdict is there.
    Done,
    /// Somebody gave it up.
    Stopped,
    /// The workbook or the machine is at fault.
    Failed,
}

/// What is being judged, or was judged last.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Work {
    /// Grows from work to work.
    number: u64,
    /// A chapter or an exercise, such as `ch02` or `2.3`.
    what: String,
    chapter: String,
    pub(super) phase: Phase,
    /// What goes on, or what went wrong, in words.
    pub(super) words: String,
    /// How many checks there are.
    of: usize,
    /// Those that have ended, in this order.
    ended: Vec<Ended>,
    /// What each check says, by its name.
    #[serde(skip)]
    says: BTreeMap<String, String>,
    #[serde(skip)]
    first_build: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Ended {
    exercise: String,
    says: String,
    outcome: &'static str,
}

impl Work {
    pub(super) fn new(number: u64, what: &str, chapter: &str) -> Self {
        Self {
            number,
            what: what.to_owned(),
            chapter: chapter.to_owned(),
            phase: Phase::Building,
            words: "building".to_owned(),
            of: 0,
            ended: Vec::new(),
            says: BTreeMap::new(),
            first_build: false,
        }
    }

    /// In the words of the terminal.
    pub(super) fn building(&mut self, what: &str, progress: &Progress) {
        if let Progress::Crates { done, all } = progress {
            self.first_build |= all - done > FIRST_BUILD;
        }
        self.words = ticker::words(what, progress, self.first_build);
    }

    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::Plan { checks } => {
                self.phase = Phase::Checking;
                self.of = checks.len();
                self.says = checks
                    .into_iter()
                    .map(|info| (info.check, info.says))
                    .collect();
            }
            Event::Finished(result) => self.ended.push(Ended {
                exercise: result.exercise,
                says: self
                    .says
                    .get(&result.check)
                    .cloned()
                    .unwrap_or(result.check),
                outcome: match result.outcome {
                    Outcome::Pass => "pass",
                    Outcome::Fail { .. } => "fail",
                    Outcome::LeftOut { .. } => "left_out",
                    Outcome::Fault { .. } => "fault",
                },
            }),
            Event::Working | Event::Done => {}
        }
        self.words = format!(
            "checking: {} of {} checks have ended",
            self.ended.len(),
            self.of
        );
    }

    pub(super) fn end(&mut self, phase: Phase, words: String) {
        self.phase = phase;
        self.words = words;
    }
}
