//! Answers to several exercises, tried in one crate.
//!
//! Exercises are independent by design: what is wrong about one answer does not show in the checks of another
//! exercise. So one build and one run of the checker can try an answer to each exercise. What comes out counts
//! only where it is what would have come out of that answer alone: a wrong answer is caught with the very
//! message that is kept for it, a tolerated one passes all of its exercise. Everything else is tried again
//! without the answers that are settled, in the end alone, and only that decides.
//!
//! One gap is left, and accepted: an answer that alone is not held any more may seem so through an answer to another
//! exercise in the same crate. That one makes the check fail with the very message that is kept, or adds what the
//! other needs to compile or to pass. With `--update` every answer is tried alone.
//!
//! Where exercises build on one another, more answers disturb each other, and more of them end alone. What is
//! settled together is settled by the same rule.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use crate::cancel::Halt;
use crate::near_misses::{Edit, Files};

/// What an answer is held to. Answers of both kinds are never tried together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A check must catch it.
    Wrong,
    /// Its exercise must pass.
    Tolerated,
}

/// An edited solution, tried together with others where it can be.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    kind: Kind,
    /// The exercise whose checks tell what is right or wrong about it.
    exercise: &'a str,
    changes: Vec<Change<'a>>,
}

/// One edit, and where it stands in the untouched solution.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change<'a> {
    file: &'a Path,
    /// In bytes.
    span: Range<usize>,
    replace: &'a str,
}

impl Change<'_> {
    fn overlaps(&self, other: &Self) -> bool {
        self.file == other.file
            && self.span.start < other.span.end
            && other.span.start < self.span.end
    }
}

impl<'a> Answer<'a> {
    /// None for one that has to be alone, since its edits need each other: one of them is not there exactly once
    /// in the untouched solution, or two of them are about the same text.
    pub(super) fn new(
        kind: Kind,
        exercise: &'a str,
        right: &Files,
        edits: &'a [Edit],
    ) -> Option<Self> {
        let found = edits.iter().map(|edit| {
            let text = std::str::from_utf8(right.get(&edit.file)?).ok()?;
            let mut places = text.match_indices(&edit.find);
            let (at, found) = places.next()?;
            places.next().is_none().then(|| Change {
                file: &edit.file,
                span: at..at + found.len(),
                replace: &edit.replace,
            })
        });
        let changes: Vec<_> = found.collect::<Option<_>>()?;
        let apart = changes.iter().enumerate().all(|(at, change)| {
            let later = &changes[at + 1..];
            !later.iter().any(|other| change.overlaps(other))
        });
        apart.then_some(Self {
            kind,
            exercise,
            changes,
        })
    }

    /// Whether both fit into one crate: the same edits, or edits of two exercises that do not touch.
    fn goes_with(&self, other: &Self) -> bool {
        let overlap = |change: &Change<'_>| other.changes.iter().any(|two| change.overlaps(two));
        self.kind == other.kind
            && (self.changes == other.changes
                || self.exercise != other.exercise && !self.changes.iter().any(overlap))
    }
}

/// What is tried together, by place in `answers`: each joins the first that all fit it. What is no answer, or has
/// to be alone, is alone.
pub(super) fn batches(answers: &[Option<&Answer<'_>>]) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for (place, answer) in answers.iter().enumerate() {
        let fits = |batch: &&mut Vec<usize>| {
            batch.iter().all(|other| match (answer, answers[*other]) {
                (Some(answer), Some(other)) => answer.goes_with(other),
                _ => false,
            })
        };
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push(place),
            None => batches.push(vec![place]),
        }
    }
    batches
}

/// The solution with the edits of all `answers`, which fit together.
pub(super) fn merged(right: &Files, answers: &[&Answer<'_>]) -> Files {
    let mut changes = BTreeMap::new();
    for change in answers.iter().flat_map(|answer| &answer.changes) {
        // The same edit of two answers is one.
        changes.insert((change.file, change.span.start), change);
    }
    let mut files = right.clone();
    // From the end, so that the spans before it stay right.
    for change in changes.into_values().rev() {
        if let Some(bytes) = files.get_mut(change.file) {
            bytes.splice(change.span.clone(), change.replace.bytes());
        }
    }
    files
}

/// What came out of the members of a batch. `together` tries several and has nothing for those that it does not
/// settle; they are tried together for as long as that settles any. What is left then, `alone` decides.
///
/// # Errors
/// The first of `together` and `alone`.
pub(super) fn settle<T>(
    mut batch: Vec<usize>,
    mut together: impl FnMut(&[usize]) -> Result<Vec<Option<T>>, Halt>,
    mut alone: impl FnMut(usize) -> Result<T, Halt>,
) -> Result<Vec<(usize, T)>, Halt> {
    let mut settled = Vec::new();
    while batch.len() > 1 {
        let (before, mut left) = (settled.len(), Vec::new());
        for (place, found) in batch.iter().zip(together(&batch)?) {
            match found {
                Some(found) => settled.push((*place, found)),
                None => left.push(*place),
            }
        }
        batch = left;
        if settled.len() == before {
            break;
        }
    }
    for place in batch {
        settled.push((place, alone(place)?));
    }
    Ok(settled)
}

#[cfg(test)]
mod tests;
