//! What a card shows of a verdict.

use serde::Serialize;
use verdict::WireLine;
use xtask::report::{BuildReport, ChapterReport, ExerciseReport, Report};
use xtask::states::State;

/// Of one check's messages so many are sent to pages: a server that floods its output floods no browser.
const MESSAGES: usize = 200;
/// And so many bytes of one message.
const LONGEST_MESSAGE: usize = 20_000;
/// Of a build so many errors: the first is the one to mend.
const ERRORS: usize = 20;

/// The verdict on one exercise.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Verdict {
    pub(super) exercise: ExerciseReport,
    /// How its crate was built.
    build: Option<BuildReport>,
    /// Sentences beside the verdict.
    notes: Vec<String>,
    /// How long the whole run took.
    millis: u64,
    /// Checks that must wait for time to pass were left out.
    pub(super) quick: bool,
    /// A file of its chapter was saved since.
    pub(super) outdated: bool,
    pub(super) chapter: String,
    /// The terminal has found something out since: its states count, not this one.
    #[serde(skip)]
    pub(super) superseded: bool,
}

impl Verdict {
    /// The verdicts of a report, one an exercise.
    pub(super) fn all_of(report: Report, quick: bool) -> Vec<Self> {
        let notes = report.notes;
        let chapters = report.chapters.into_iter();
        chapters
            .flat_map(|chapter| of_chapter(chapter, &notes, quick))
            .collect()
    }

    /// The state, as long as it is about the text on disk.
    pub(super) fn state(&self) -> Option<State> {
        let holds = !self.outdated && !self.superseded;
        holds.then_some(self.exercise.state)
    }
}

fn of_chapter(chapter: ChapterReport, notes: &[String], quick: bool) -> Vec<Verdict> {
    let ChapterReport {
        id,
        mut build,
        exercises,
        millis,
        ..
    } = chapter;
    if let Some(build) = &mut build {
        build.errors.truncate(ERRORS);
        build.warnings.truncate(ERRORS);
    }
    let verdict = |mut exercise: ExerciseReport| {
        for check in &mut exercise.checks {
            shorten(&mut check.result.wire);
        }
        Verdict {
            exercise,
            build: build.clone(),
            notes: notes.to_vec(),
            millis,
            quick,
            outdated: false,
            chapter: id.clone(),
            superseded: false,
        }
    };
    exercises.into_iter().map(verdict).collect()
}

/// The first messages and the last ones, each of a length that a page can show.
fn shorten(wire: &mut Vec<WireLine>) {
    let more = wire.len().saturating_sub(MESSAGES);
    if more > 0 {
        wire.drain(MESSAGES / 2..MESSAGES / 2 + more);
        if let Some(next) = wire.get_mut(MESSAGES / 2) {
            next.text = format!("… {more} more lines before this one …\n{}", next.text);
        }
    }
    for line in wire {
        if line.text.len() > LONGEST_MESSAGE {
            let mut cut = LONGEST_MESSAGE;
            while !line.text.is_char_boundary(cut) {
                cut -= 1;
            }
            line.text.truncate(cut);
            line.text.push_str(" … (cut)");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_messages_becomes_its_beginning_and_its_end() {
        let line = |number: usize| WireLine {
            micros: number as u64,
            process: 1,
            from: verdict::From::Stderr,
            text: "ä".repeat(LONGEST_MESSAGE),
        };
        let mut wire: Vec<WireLine> = (0..1000).map(line).collect();
        shorten(&mut wire);
        assert_eq!(wire.len(), MESSAGES);
        assert_eq!((wire[0].micros, wire[MESSAGES - 1].micros), (0, 999));
        assert!(wire[MESSAGES / 2].text.starts_with("… 800 more lines"));
        assert!(
            wire.iter()
                .all(|line| line.text.len() < LONGEST_MESSAGE + 100)
        );
    }
}
