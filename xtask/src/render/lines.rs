//! The lines of chapters and exercises, the same in every command.

use crate::progress::{Last, Progress, day};
use crate::states::{Entry, State};
use crate::style::Style;

/// Columns of a chapter's line.
const WIDTH: usize = 78;
/// Columns of an exercise's title, so that what stands behind is aligned.
const TITLE: usize = 38;

/// `ch02  Your first server            3 of 7 done   1.1 s`
pub fn chapter_line(style: Style, id: &str, title: &str, right: &str) -> String {
    let left = format!("{id}  {title}");
    let used = left.chars().count() + right.chars().count();
    let gap = WIDTH.min(style.width).saturating_sub(used).max(2);
    format!("{}{:gap$}{right}\n", style.strong(&left), "")
}

/// `  x   2.3  Enforce what the schema promises       not right yet`
pub fn exercise_line(style: Style, state: State, id: &str, title: &str, beside: &str) -> String {
    let sign = style.sign(state);
    let title = format!("{title:<TITLE$}");
    let lead = 2 + 2 + 2 + id.chars().count() + 2 + title.chars().count() + 2;
    let mut text = format!("  {sign}  {id}  {title}");
    if beside.is_empty() {
        text.truncate(text.trim_end().len());
        text.push('\n');
    } else if lead + beside.chars().count() <= style.width {
        text.push_str(&format!("  {}\n", style.faint(beside)));
    } else {
        text.truncate(text.trim_end().len());
        text.push('\n');
        text.push_str(&style.wrapped(super::LABELLED, beside));
    }
    text
}

/// What stands behind an exercise that is remembered, not judged: the state's words, and what was the case before.
pub fn beside_entry(entry: &Entry<'_>, progress: &Progress) -> String {
    let record = progress.record(&entry.exercise.id);
    let last = record.and_then(|record| record.last.as_ref());
    let solved = record.and_then(|record| record.solved);
    let words = entry.state.words();
    match (entry.state, solved) {
        (State::Ok, Some(date)) => format!("{words}, solved {}", day(date)),
        (State::NotRechecked, _) => last_words(last),
        (State::Wrong | State::DoesNotCompile | State::NotStarted, Some(date)) => {
            format!("solved {}; currently {words}", day(date))
        }
        _ => words.to_owned(),
    }
}

/// `not re-checked (ok on 3 May 2026)`
pub(crate) fn last_words(last: Option<&Last>) -> String {
    let words = State::NotRechecked.words();
    match last {
        Some(last) => format!("{words} ({} on {})", last.state.words(), day(last.date)),
        None => words.to_owned(),
    }
}

/// `solved 3 May 2026`
pub(crate) fn solved_words(solved: Option<u64>) -> Option<String> {
    solved.map(|date| format!("solved {}", day(date)))
}

/// `1.1 s`
pub fn seconds(millis: u64) -> String {
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}
