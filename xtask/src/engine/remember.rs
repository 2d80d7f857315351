//! Writing down what was found out about the learner's own chapter.

use std::collections::BTreeMap;

use anyhow::Result;
use verdict::Outcome;

use crate::manifest::Chapter;
use crate::paths::Workbook;
use crate::progress::{Compiled, Last, Progress, Record, now, update};
use crate::report::{ChapterReport, ExerciseReport};
use crate::snapshot::Snapshot;
use crate::states::State;

/// Remembers a chapter's verdict.
///
/// # Errors
/// The progress file cannot be written.
pub(super) fn remember(
    workbook: &Workbook,
    chapter: &Chapter,
    snapshot: &Snapshot,
    report: &ChapterReport,
    checker: &str,
) -> Result<()> {
    update(workbook, |progress| {
        if report.build.as_ref().is_some_and(|build| build.ready) {
            let compiled = Compiled {
                regions: snapshot.regions(),
                outside: snapshot.outside.clone(),
            };
            progress.compiled.insert(chapter.id.clone(), compiled);
        }
        if let Some(newest) = newest_change(progress, snapshot) {
            progress.current = Some(newest);
        }
        for exercise in &report.exercises {
            let record = progress.exercises.entry(exercise.id.clone()).or_default();
            remember_exercise(record, exercise, snapshot, checker);
        }
        let empty = Record::default();
        progress.exercises.retain(|_, record| *record != empty);
    })
}

fn remember_exercise(
    record: &mut Record,
    exercise: &ExerciseReport,
    snapshot: &Snapshot,
    checker: &str,
) {
    let Some(standing) = snapshot.exercises.get(&exercise.id) else {
        return;
    };
    if !matches!(exercise.state, State::Ok | State::Wrong | State::NotStarted)
        || exercise.checks.is_empty()
    {
        return;
    }
    let mut passed: Vec<String> = exercise
        .checks
        .iter()
        .filter(|check| check.result.outcome == Outcome::Pass)
        .map(|check| check.result.check.clone())
        .collect();
    // What `watch` left out passed before, on this very crate.
    if let Some(last) = &record.last
        && (&last.krate, last.checker.as_str()) == (&snapshot.whole, checker)
    {
        passed.extend(last.passed.iter().cloned());
    }
    passed.sort();
    passed.dedup();
    let date = now();
    if exercise.state == State::Ok {
        record.solved.get_or_insert(date);
    }
    record.last = Some(Last {
        state: exercise.state,
        date,
        region: standing.hash.clone(),
        krate: snapshot.whole.clone(),
        checker: checker.to_owned(),
        passed,
    });
}

/// The exercise whose region changed since its last verdict; of several the one saved last.
fn newest_change(progress: &Progress, snapshot: &Snapshot) -> Option<String> {
    let regions: BTreeMap<&String, &String> = progress
        .exercises
        .iter()
        .filter_map(|(id, record)| Some((id, &record.last.as_ref()?.region)))
        .collect();
    snapshot
        .exercises
        .iter()
        .filter(|(id, standing)| match regions.get(id) {
            Some(region) => **region != standing.hash,
            None => !standing.untouched,
        })
        .max_by_key(|(_, standing)| standing.saved)
        .map(|(id, _)| id.clone())
}
