//! Hints, one step more each time, counted wherever they are shown.

use anyhow::Result;

use crate::manifest::Exercise;
use crate::paths::Workbook;
use crate::progress::{Progress, update};

/// How many hints of an exercise were shown so far.
pub fn shown(workbook: &Workbook, exercise: &Exercise) -> usize {
    Progress::load(workbook)
        .hints_shown(&exercise.id)
        .min(exercise.hints.len())
}

/// Remembers that so many hints were shown; fewer than before changes nothing.
///
/// # Errors
/// Progress cannot be written. The hint is worth no less: say so in one line and show it.
pub fn remember(workbook: &Workbook, exercise: &Exercise, shown: usize) -> Result<()> {
    update(workbook, |progress| {
        let record = progress.exercises.entry(exercise.id.clone()).or_default();
        record.hints = record.hints.max(shown);
    })
}
