//! The state of an exercise: one rule for all who show it.

use serde::{Deserialize, Serialize};
use verdict::{CheckInfo, CheckResult, LEFT_FOR_LATER, Outcome};

use crate::manifest::{Chapter, Exercise, Manifest};
use crate::paths::Workbook;
use crate::progress::{Last, Progress};
use crate::snapshot::{Snapshot, Standing};

/// Where an exercise stands. Always shown as sign and word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every check passes.
    Ok,
    /// The learner has not changed it yet.
    NotStarted,
    /// Changed, and never checked.
    NotCheckedYet,
    /// A check fails.
    Wrong,
    /// The crate does not compile, and this exercise is why.
    DoesNotCompile,
    /// Something has changed since the last verdict.
    NotRechecked,
    /// None of its checks can judge this server.
    NotApplicable,
}

impl State {
    /// The sign in front of the exercise.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotStarted => "o",
            Self::NotCheckedYet | Self::NotRechecked => "?",
            Self::Wrong => "x",
            Self::DoesNotCompile => "!",
            Self::NotApplicable => "-",
        }
    }

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotStarted => "not started",
            Self::NotCheckedYet => "not checked yet",
            Self::Wrong => "not right yet",
            Self::DoesNotCompile => "does not compile",
            Self::NotRechecked => "not re-checked",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// What one run found out about an exercise whose server could be started.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Its checks and how each ended.
    pub checks: &'a [(&'a CheckInfo, &'a CheckResult)],
    /// All its regions are what the chapter came with.
    pub untouched: bool,
    /// The verdict before, if it is about this very crate and by this very checker.
    pub same_crate: Option<&'a Last>,
}

/// The state of an exercise of a server that runs.
pub fn of_running(evidence: &Evidence<'_>) -> State {
    let (mut passed, mut open, mut waiting) = (0, false, false);
    for (info, result) in evidence.checks {
        match &result.outcome {
            Outcome::Pass => passed += 1,
            Outcome::Fail { .. } if evidence.untouched => return State::NotStarted,
            Outcome::Fail { .. } => return State::Wrong,
            Outcome::Fault { .. } => open = true,
            // What it needs is not there: the exercise is judged by its other checks.
            Outcome::LeftOut { reason } if !info.slow || reason != LEFT_FOR_LATER => {}
            Outcome::LeftOut { .. } => {
                let before = evidence.same_crate;
                waiting = true;
                open |= !before.is_some_and(|last| last.passed.contains(&info.check));
            }
        }
    }
    match (open, passed > 0 || waiting) {
        (true, _) => State::NotRechecked,
        (false, true) => State::Ok,
        (false, false) => State::NotApplicable,
    }
}

/// The state of an exercise whose crate does not compile.
pub fn of_broken(to_blame: bool, standing: &Standing, last: Option<&Last>) -> State {
    if to_blame {
        return State::DoesNotCompile;
    }
    match last {
        None => never_checked(standing),
        Some(last) if still_not_started(last, standing) => State::NotStarted,
        Some(_) => State::NotRechecked,
    }
}

/// The state of an exercise as it is remembered; nothing is built.
pub fn remembered(
    standing: &Standing,
    krate: &Snapshot,
    checker: &str,
    last: Option<&Last>,
) -> State {
    let Some(last) = last else {
        return never_checked(standing);
    };
    let holds =
        last.region == standing.hash && last.krate == krate.whole && last.checker == checker;
    if holds {
        last.state
    } else if still_not_started(last, standing) {
        State::NotStarted
    } else {
        State::NotRechecked
    }
}

fn never_checked(standing: &Standing) -> State {
    if standing.untouched {
        State::NotStarted
    } else {
        State::NotCheckedYet
    }
}

/// What was untouched then and is untouched now cannot have become anything else.
fn still_not_started(last: &Last, standing: &Standing) -> bool {
    last.state == State::NotStarted && standing.untouched
}

/// One exercise of [`overview`].
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Its chapter.
    pub chapter: &'a Chapter,
    /// Itself.
    pub exercise: &'a Exercise,
    /// Where it stands.
    pub state: State,
    /// Its text; none if its solution lost the region.
    pub standing: Option<Standing>,
}

/// Every exercise with its remembered state, in order.
///
/// # Errors
/// A solution that cannot be read.
pub fn overview<'a>(
    workbook: &Workbook,
    manifest: &'a Manifest,
    progress: &Progress,
) -> anyhow::Result<Vec<Entry<'a>>> {
    let checker = crate::checker::id(workbook);
    let mut entries = Vec::new();
    for chapter in &manifest.chapters {
        let krate = Snapshot::take(&workbook.root, chapter, &chapter.folder(&workbook.root))?;
        for exercise in &chapter.exercises {
            let standing = krate.exercises.get(&exercise.id).cloned();
            let last = progress
                .record(&exercise.id)
                .and_then(|record| record.last.as_ref());
            let state = standing.as_ref().map_or(State::NotCheckedYet, |standing| {
                remembered(standing, &krate, &checker, last)
            });
            entries.push(Entry {
                chapter,
                exercise,
                state,
                standing,
            });
        }
    }
    Ok(entries)
}

/// The chapter of the last saved file, else the first that is not finished, else the first.
///
/// # Errors
/// A solution that cannot be read.
pub fn current_chapter<'a>(
    workbook: &Workbook,
    manifest: &'a Manifest,
    progress: &Progress,
) -> anyhow::Result<&'a Chapter> {
    let mut newest = None;
    for chapter in &manifest.chapters {
        let krate = Snapshot::take(&workbook.root, chapter, &chapter.folder(&workbook.root))?;
        if let Some(saved) = krate.saved
            && newest.is_none_or(|(date, _)| date < saved)
        {
            newest = Some((saved, chapter));
        }
    }
    let unfinished = |chapter: &&Chapter| {
        let solved = |exercise: &Exercise| progress.is_solved(&exercise.id);
        !chapter.exercises.iter().all(solved)
    };
    let chapter = match newest {
        Some((_, chapter)) => Some(chapter),
        None => manifest.chapters.iter().find(unfinished),
    };
    chapter
        .or(manifest.chapters.first())
        .ok_or_else(|| anyhow::anyhow!("book/workbook.toml has no chapter"))
}

/// Whether there is something left to do. An exercise that was `ok` and whose own lines are the same
/// is not to be done again because something else in its crate has changed.
pub fn is_open(entry: &Entry<'_>, progress: &Progress) -> bool {
    let last = progress
        .record(&entry.exercise.id)
        .and_then(|record| record.last.as_ref());
    match (entry.state, last, &entry.standing) {
        (State::Ok, ..) => false,
        (State::NotRechecked, Some(last), Some(standing)) => {
            last.state != State::Ok || last.region != standing.hash
        }
        _ => true,
    }
}

/// The exercise whose region was saved last, if it is open; else the first open one of its chapter;
/// else the first open one of all.
pub fn current_exercise<'a, 'b>(
    entries: &'b [Entry<'a>],
    progress: &Progress,
    chapter: &Chapter,
) -> Option<&'b Entry<'a>> {
    let open = |entry: &&Entry<'_>| is_open(entry, progress);
    let here = |entry: &&Entry<'_>| open(entry) && entry.chapter.id == chapter.id;
    worked_on(entries, progress, chapter)
        .or_else(|| entries.iter().find(here))
        .or_else(|| entries.iter().find(open))
}

/// The exercise that a save in a chapter is probably about: whose verdict somebody waits for.
pub fn saved_exercise(
    workbook: &Workbook,
    manifest: &Manifest,
    chapter: &Chapter,
) -> Option<String> {
    let progress = Progress::load(workbook);
    // A solution that cannot be read is told by whoever judges.
    let entries = overview(workbook, manifest, &progress).ok()?;
    worked_on(&entries, &progress, chapter).map(|entry| entry.exercise.id.clone())
}

/// The open exercise of a chapter whose region was saved last; else the one that was judged last, if it is open.
fn worked_on<'a, 'b>(
    entries: &'b [Entry<'a>],
    progress: &Progress,
    chapter: &Chapter,
) -> Option<&'b Entry<'a>> {
    let here = |entry: &&Entry<'_>| is_open(entry, progress) && entry.chapter.id == chapter.id;
    // Changed since it was last looked at: by its date, since the text alone does not tell when.
    let changed = entries
        .iter()
        .filter(here)
        .filter(|entry| has_changed(entry, progress))
        .max_by_key(|entry| entry.standing.as_ref().map(|standing| standing.saved));
    let remembered = entries
        .iter()
        .filter(here)
        .find(|entry| Some(&entry.exercise.id) == progress.current.as_ref());
    changed.or(remembered)
}

fn has_changed(entry: &Entry<'_>, progress: &Progress) -> bool {
    let Some(standing) = &entry.standing else {
        return false;
    };
    let last = progress
        .record(&entry.exercise.id)
        .and_then(|record| record.last.as_ref());
    match last {
        Some(last) => last.region != standing.hash,
        None => !standing.untouched,
    }
}

#[cfg(test)]
mod tests;
