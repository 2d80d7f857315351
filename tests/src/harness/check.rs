//! A check, as a value.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use verdict::{CheckInfo, Era, Needs};

use super::context::Context;
use super::environment::Surroundings;
use super::finding::Verdict;
use super::limits;

type Run = Arc<dyn Fn(Context) -> Pin<Box<dyn Future<Output = Verdict> + Send>> + Send + Sync>;

/// One thing that a right server does, and how to find out.
#[derive(Clone)]
pub struct Check {
    info: CheckInfo,
    why: &'static str,
    source: &'static str,
    eras: &'static [Era],
    limit: Duration,
    unix_only: bool,
    waits: bool,
    leaves_no_trace: bool,
    surroundings: Surroundings,
    run: Run,
}

impl Check {
    /// A check with a unique name, for this exercise. Until told otherwise it runs once in each era.
    pub fn new<F>(name: &str, exercise: &str, run: fn(Context) -> F) -> Self
    where
        F: Future<Output = Verdict> + Send + 'static,
    {
        Self {
            info: CheckInfo {
                check: name.into(),
                exercise: exercise.into(),
                says: String::new(),
                slow: false,
                needs: Needs::Wire,
            },
            why: "",
            source: "",
            eras: &[Era::Modern, Era::Legacy],
            limit: limits::CHECK,
            unix_only: false,
            waits: false,
            leaves_no_trace: false,
            surroundings: Surroundings::Plain,
            run: Arc::new(move |context| Box::pin(run(context))),
        }
    }

    /// What a right server does, in one sentence.
    pub fn says(mut self, says: &str) -> Self {
        self.info.says = says.into();
        self
    }

    /// Why it matters, and where that is written.
    pub fn why(mut self, why: &'static str, source: &'static str) -> Self {
        self.why = why;
        self.source = source;
        self
    }

    /// Runs in one era only, or, for a check that goes through the eras itself, under its name.
    pub fn only(mut self, era: Era) -> Self {
        self.eras = match era {
            Era::Modern => &[Era::Modern],
            Era::Legacy => &[Era::Legacy],
        };
        self
    }

    /// Must wait for time to pass: runs last, and not in `watch`.
    pub fn slow(mut self) -> Self {
        self.info.slow = true;
        self
    }

    /// Its server takes its time: runs beside the others, in both eras at once.
    pub fn waits(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Looks at nothing but replies, and leaves a right server as it found it: one server may do for several such
    /// checks of an exercise.
    pub fn leaves_no_trace(mut self) -> Self {
        self.leaves_no_trace = true;
        self
    }

    /// Has a tracker of its own that accepts every token.
    pub fn with_open_tracker(mut self) -> Self {
        self.surroundings = Surroundings::WithOpenTracker;
        self
    }

    /// Needs more than the wire.
    pub fn needs(mut self, needs: Needs) -> Self {
        self.info.needs = needs;
        self
    }

    /// Has a tracker of its own: [`Context::tracker`].
    pub fn with_tracker(mut self) -> Self {
        self.surroundings = Surroundings::WithTracker;
        self
    }

    /// May take this long in each era, in place of 10 s.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Makes sense on Unix only.
    pub fn unix_only(mut self) -> Self {
        self.unix_only = true;
        self
    }

    /// Whether one server may do for both, one after the other.
    pub(super) fn may_share_with(&self, other: &Self) -> bool {
        let same = self.info.exercise == other.info.exercise
            && self.surroundings == other.surroundings
            && self.info.slow == other.info.slow;
        same && self.leaves_no_trace && other.leaves_no_trace
    }

    /// See [`Check::waits`].
    pub(super) fn waits_mostly(&self) -> bool {
        self.waits
    }

    /// What others need to know of it.
    pub fn info(&self) -> &CheckInfo {
        &self.info
    }

    /// See [`Check::with_tracker`].
    pub fn has_tracker(&self) -> bool {
        self.surroundings.has_tracker()
    }

    pub(super) fn surroundings(&self) -> Surroundings {
        self.surroundings
    }

    pub(super) fn eras(&self) -> &'static [Era] {
        self.eras
    }

    /// Why it matters, and where that is written.
    pub fn reason(&self) -> (&'static str, &'static str) {
        (self.why, self.source)
    }

    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Why it cannot be run on this system, if so.
    pub(super) fn unfit_system(&self) -> Option<&'static str> {
        (self.unix_only && cfg!(not(unix)))
            .then_some("it is about signals, which this system does not have")
    }

    pub(super) fn start(&self, context: Context) -> Pin<Box<dyn Future<Output = Verdict> + Send>> {
        (self.run)(context)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}
