//! All chapters and exercises with their states: for the list of chapters, the cards and the page of progress.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;
use xtask::manifest::{Chapter, Exercise, Manifest};
use xtask::paths::Workbook;
use xtask::progress::{Progress, day};
use xtask::render::beside_entry;
use xtask::states::{Entry, State, current_chapter, current_exercise, overview};

/// All of it.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Overview {
    /// The checkout: paths are relative to it.
    root: String,
    /// How many exercises were `ok` at any time.
    solved: usize,
    of: usize,
    /// The id of the exercise to do now; none if nothing is left.
    next: Option<String>,
    chapters: Vec<ChapterNow>,
    /// Why this cannot be told.
    pub(super) trouble: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct ChapterNow {
    id: String,
    title: String,
    solved: usize,
    exercises: Vec<ExerciseNow>,
}

#[derive(Debug, PartialEq, Serialize)]
struct ExerciseNow {
    id: String,
    title: String,
    /// The page with its card.
    page: String,
    state: State,
    /// The sign and the words of the terminal.
    sign: &'static str,
    words: &'static str,
    /// The words, and what was the case before.
    beside: String,
    /// When it was solved, and when it was judged last.
    solved: Option<String>,
    checked: Option<String>,
    /// How many hints were shown.
    hints: usize,
    /// `path:line` of its regions.
    places: Vec<String>,
}

/// The page with the card of an exercise, from the book's root.
fn page_of(chapter: &Chapter, exercise: &Exercise) -> String {
    let page = exercise.page.trim_end_matches(".md");
    format!("{}/{page}.html", chapter.name)
}

impl Overview {
    /// Looks at the learner's files and at what is remembered; `fresh` are states that were found out since.
    pub(super) fn look(
        workbook: &Workbook,
        manifest: &Manifest,
        fresh: &BTreeMap<&str, State>,
    ) -> Self {
        let trouble = |error: &anyhow::Error| Self {
            trouble: Some(format!("{error:#}")),
            ..Self::default()
        };
        Self::of(workbook, manifest, fresh).unwrap_or_else(|error| trouble(&error))
    }

    fn of(workbook: &Workbook, manifest: &Manifest, fresh: &BTreeMap<&str, State>) -> Result<Self> {
        let progress = Progress::load(workbook);
        let mut entries = overview(workbook, manifest, &progress)?;
        for entry in &mut entries {
            if let Some(state) = fresh.get(entry.exercise.id.as_str()) {
                entry.state = *state;
            }
        }
        let chapter = current_chapter(workbook, manifest, &progress)?;
        let next = current_exercise(&entries, &progress, chapter);
        let next = next.map(|entry| entry.exercise.id.clone());
        let mut chapters: Vec<ChapterNow> = Vec::new();
        for chapter in &manifest.chapters {
            let own = entries.iter().filter(|one| one.chapter.id == chapter.id);
            let exercises: Vec<_> = own
                .map(|entry| ExerciseNow::of(workbook, entry, &progress))
                .collect();
            chapters.push(ChapterNow {
                id: chapter.id.clone(),
                title: chapter.title.clone(),
                solved: exercises.iter().filter(|one| one.solved.is_some()).count(),
                exercises,
            });
        }
        Ok(Self {
            root: workbook.root.display().to_string(),
            solved: chapters.iter().map(|chapter| chapter.solved).sum(),
            of: entries.len(),
            next,
            chapters,
            trouble: None,
        })
    }
}

impl ExerciseNow {
    fn of(workbook: &Workbook, entry: &Entry<'_>, progress: &Progress) -> Self {
        let exercise = entry.exercise;
        let record = progress.record(&exercise.id);
        let folder = entry.chapter.folder(&workbook.root);
        let places = entry.standing.iter().flat_map(|standing| {
            let first = (&standing.path, standing.line);
            let more = standing.more.iter().map(|(path, line)| (path, *line));
            std::iter::once(first).chain(more)
        });
        Self {
            id: exercise.id.clone(),
            title: exercise.title.clone(),
            page: page_of(entry.chapter, exercise),
            state: entry.state,
            sign: entry.state.sign(),
            words: entry.state.words(),
            beside: beside_entry(entry, progress),
            solved: record.and_then(|record| record.solved).map(day),
            checked: record
                .and_then(|record| record.last.as_ref())
                .map(|last| day(last.date)),
            hints: progress.hints_shown(&exercise.id).min(exercise.hints.len()),
            places: places
                .map(|(path, line)| format!("{}:{line}", workbook.shown(&folder.join(path))))
                .collect(),
        }
    }
}
