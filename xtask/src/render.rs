//! A report as text.

mod build;
mod failure;
mod lines;

use crate::report::{ChapterReport, ExerciseReport, Report};
use crate::states::State;
use crate::style::Style;

pub use lines::{beside_entry, chapter_line, exercise_line, seconds};

/// What to show beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What the output can show.
    pub style: Style,
    /// Every message of the failed checks.
    pub wire: bool,
}

/// Indent of everything below an exercise's line.
pub(crate) const INDENT: usize = 8;
/// Indent of the text behind a label.
pub(crate) const LABELLED: usize = 18;
/// So many exercises are explained at full length: one thing at a time.
const EXPLAINED: usize = 2;

/// The whole report.
pub fn report(report: &Report, options: Options) -> String {
    let mut text = String::new();
    for (position, chapter) in report.chapters.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        text.push_str(&chapter_text(chapter, options));
    }
    for note in &report.notes {
        text.push('\n');
        text.push_str(&options.style.labelled(6, "note", note));
    }
    text
}

fn chapter_text(chapter: &ChapterReport, options: Options) -> String {
    let style = options.style;
    let mut text = heading(chapter, style);
    text.push('\n');
    let mut explained = 0;
    for exercise in &chapter.exercises {
        text.push_str(&exercise_line(
            style,
            exercise.state,
            &exercise.id,
            &exercise.title,
            &beside(exercise),
        ));
        let wrong = exercise.state == State::Wrong;
        let asked_for = chapter.exercises.len() == 1;
        if wrong && (explained < EXPLAINED || asked_for) {
            explained += 1;
            text.push_str(&failure::full(exercise, asked_for, options));
        } else if wrong {
            text.push_str(&failure::short(exercise, style));
        } else if asked_for && options.wire {
            text.push_str(&failure::messages_of(exercise, options));
        }
        for fault in exercise.faults() {
            text.push_str(&style.labelled(LABELLED, "        fault", fault));
        }
    }
    text.push_str(&build::text(chapter, style));
    text.push_str(&closing(chapter, style));
    text
}

/// `ch02  Your first server            3 of 7 done   1.1 s`
fn heading(chapter: &ChapterReport, style: Style) -> String {
    let applicable = chapter
        .exercises
        .iter()
        .filter(|exercise| exercise.state != State::NotApplicable)
        .count();
    let mut right = seconds(chapter.millis);
    // What does not build was not checked, so there is nothing to count.
    let ran = chapter.build.as_ref().is_none_or(|build| build.ready);
    if chapter.whole && ran {
        right = format!("{} of {applicable} done   {right}", chapter.done());
    }
    let waited = chapter
        .build
        .as_ref()
        .map_or(0, |build| build.waited_millis);
    if waited >= 200 {
        right.push_str(&format!(
            ", {} of it waiting for another cargo",
            seconds(waited)
        ));
    }
    let mut text = chapter_line(style, &chapter.id, &chapter.title, &right);
    if let Some(server) = &chapter.server {
        text.push_str(&style.faint(&format!("      {server}")));
        text.push('\n');
    }
    text
}

/// What stands behind an exercise's title.
fn beside(exercise: &ExerciseReport) -> String {
    let mut words = match exercise.state {
        State::Ok => Vec::new(),
        State::NotRechecked => vec![lines::last_words(exercise.last.as_ref())],
        State::NotApplicable => vec![exercise.state.words().to_owned()],
        state => vec![state.words().to_owned()],
    };
    if exercise.state == State::Wrong || exercise.state == State::DoesNotCompile {
        words.extend(lines::solved_words(exercise.solved));
    }
    let reasons = exercise.left_out().join("; ");
    if !reasons.is_empty() {
        let what = match exercise.state {
            State::NotApplicable => State::NotApplicable.words(),
            _ => "not checked in full",
        };
        words.push(format!("{what}: {reasons}"));
    }
    words.join("; ")
}

/// What to do next, where no failure has said so already.
fn closing(chapter: &ChapterReport, style: Style) -> String {
    let broken = chapter.build.as_ref().is_some_and(|build| !build.ready);
    let state = |wanted: State| {
        chapter
            .exercises
            .iter()
            .find(move |one| one.state == wanted)
    };
    let mut text = String::new();
    if broken || state(State::Wrong).is_some() {
        return text;
    }
    let waiting: Vec<&str> = chapter
        .exercises
        .iter()
        .filter(|exercise| exercise.state == State::NotRechecked)
        .filter(|exercise| exercise.checks.iter().any(|check| check.slow))
        .map(|exercise| exercise.id.as_str())
        .collect();
    if let Some(first) = waiting.first() {
        let what = if waiting.len() == 1 {
            *first
        } else {
            &chapter.id
        };
        text.push_str(&format!(
            "\n  Checks that take longer are left: cargo xtask check {what}\n"
        ));
    } else if let Some(first) = state(State::NotStarted) {
        text.push_str(&not_started(chapter, first, style));
    } else if chapter.whole && chapter.done() > 0 && chapter.server.is_none() {
        text.push_str(&format!(
            "\n  Everything in {} is done. Where to go on: cargo xtask\n",
            chapter.id
        ));
    }
    text
}

fn not_started(chapter: &ChapterReport, first: &ExerciseReport, style: Style) -> String {
    let mut text = String::from("\n");
    let one = chapter.exercises.len() == 1;
    if one {
        text.push_str(&style.labelled(12, "  goal", &first.goal));
    } else {
        let count = chapter
            .exercises
            .iter()
            .filter(|exercise| exercise.state == State::NotStarted)
            .count();
        text.push_str(&style.wrapped(
            2,
            &match count {
                1 => "One exercise waits for you; nothing is wrong.".to_owned(),
                count => {
                    format!("{count} exercises wait for you; nothing is wrong. The first of them:")
                }
            },
        ));
        text.push('\n');
    }
    if let Some(place) = &first.place {
        text.push_str(&format!("  where     {place}\n"));
    }
    text.push_str(&format!("  next      cargo xtask hint {}\n", first.id));
    text
}
