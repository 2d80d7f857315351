//! What a check found: the facts that `check`, `watch`, `--json` and the book's server show.

use serde::Serialize;
use verdict::{CheckResult, LEFT_FOR_LATER, Outcome};

use crate::diagnostics::Diagnostic;
use crate::exit::Exit;
use crate::progress::Last;
use crate::states::State;

/// The verdict on everything that was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// In the order of the curriculum.
    pub chapters: Vec<ChapterReport>,
    /// Sentences beside the verdict: a stray folder, progress that cannot be written.
    pub notes: Vec<String>,
    /// The exit code.
    pub exit: u8,
    /// Wall-clock time in milliseconds.
    pub millis: u64,
}

/// The verdict on one chapter.
#[derive(Debug, Clone, Serialize)]
pub struct ChapterReport {
    /// Such as `ch02`.
    pub id: String,
    /// Its heading in the book.
    pub title: String,
    /// What was judged, where it is not the learner's own chapter.
    pub server: Option<String>,
    /// How the build went; none for a foreign server.
    pub build: Option<BuildReport>,
    /// The exercises that were asked for.
    pub exercises: Vec<ExerciseReport>,
    /// All exercises of the chapter were asked for.
    pub whole: bool,
    /// Wall-clock time in milliseconds, build included.
    pub millis: u64,
}

/// How a build went.
#[derive(Debug, Clone, Serialize)]
pub struct BuildReport {
    /// It made a program.
    pub ready: bool,
    /// Wall-clock time in milliseconds.
    pub millis: u64,
    /// Part of it spent waiting for another cargo.
    pub waited_millis: u64,
    /// The compiler's errors.
    pub errors: Vec<CompileError>,
    /// How many warnings there were.
    pub warnings: Vec<Diagnostic>,
    /// Why cargo refused to build at all, and what to do.
    pub refused: Option<String>,
}

/// One error of the compiler.
#[derive(Debug, Clone, Serialize)]
pub struct CompileError {
    /// The exercise it belongs to, if there is no doubt.
    pub exercise: Option<String>,
    /// `path:line`, as the reader knows it.
    pub place: Option<String>,
    /// The compiler's own words.
    pub diagnostic: Diagnostic,
}

/// The verdict on one exercise.
#[derive(Debug, Clone, Serialize)]
pub struct ExerciseReport {
    /// Such as `2.3`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What a right server does.
    pub goal: String,
    /// Where it stands.
    pub state: State,
    /// `path:line` of its first region; none for a foreign server.
    pub place: Option<String>,
    /// `path:line` of its further regions.
    pub more_places: Vec<String>,
    /// Every check and how it ended; empty if the server could not be built.
    pub checks: Vec<CheckReport>,
    /// The verdict before this one.
    pub last: Option<Last>,
    /// When it was `ok` for the first time, in seconds since 1970.
    pub solved: Option<u64>,
}

/// One check and how it ended.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// What a right server does.
    pub says: String,
    /// It waits for time to pass.
    pub slow: bool,
    /// How it ended.
    #[serde(flatten)]
    pub result: CheckResult,
}

impl ExerciseReport {
    /// The checks that fail.
    pub fn failures(&self) -> impl Iterator<Item = (&CheckReport, &verdict::Failure)> {
        self.checks
            .iter()
            .filter_map(|check| match &check.result.outcome {
                Outcome::Fail { failure } => Some((check, failure)),
                _ => None,
            })
    }

    /// Why checks were left out, each reason once; what is left for later aside.
    pub fn left_out(&self) -> Vec<&str> {
        let mut reasons = Vec::new();
        for check in &self.checks {
            if let Outcome::LeftOut { reason } = &check.result.outcome
                && reason != LEFT_FOR_LATER
                && !reasons.contains(&reason.as_str())
            {
                reasons.push(reason.as_str());
            }
        }
        reasons
    }

    /// What went wrong with the checks themselves.
    pub fn faults(&self) -> impl Iterator<Item = &str> {
        self.checks
            .iter()
            .filter_map(|check| match &check.result.outcome {
                Outcome::Fault { message } => Some(message.as_str()),
                _ => None,
            })
    }
}

impl ChapterReport {
    /// How many exercises are `ok`.
    pub fn done(&self) -> usize {
        let ok = |exercise: &&ExerciseReport| exercise.state == State::Ok;
        self.exercises.iter().filter(ok).count()
    }

    /// The exit code of this chapter alone.
    pub fn exit(&self) -> Exit {
        if self
            .exercises
            .iter()
            .any(|exercise| exercise.faults().next().is_some())
        {
            return Exit::Fault;
        }
        if self.build.as_ref().is_some_and(|build| !build.ready) {
            return Exit::DoesNotBuild;
        }
        let mut judged = self
            .exercises
            .iter()
            .filter(|exercise| exercise.state != State::NotApplicable)
            .peekable();
        if judged.peek().is_none() {
            return Exit::Usage;
        }
        if judged.all(|exercise| exercise.state == State::Ok) {
            Exit::Done
        } else {
            Exit::NotYet
        }
    }
}

/// The exit code of several chapters: a fault before a build that fails before a check that does.
pub fn exit_of(chapters: &[ChapterReport]) -> Exit {
    let all: Vec<Exit> = chapters.iter().map(ChapterReport::exit).collect();
    // A chapter that cannot be judged counts only if no other could.
    let judged = all.iter().copied().filter(|exit| *exit != Exit::Usage);
    judged.max().unwrap_or(Exit::Usage)
}
