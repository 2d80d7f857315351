//! What the commands about one exercise share: finding it, and naming it.

use anyhow::Result;
use xtask::exit::Stop;
use xtask::manifest::{Chapter, Exercise, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::states::{current_chapter, current_exercise, overview};
use xtask::style::Style;

use super::select;

/// The exercise that `word` names; without a word the current one.
pub(super) fn find<'a>(
    workbook: &Workbook,
    manifest: &'a Manifest,
    word: Option<&str>,
) -> Result<(&'a Chapter, &'a Exercise)> {
    let Some(word) = word else {
        return current(workbook, manifest);
    };
    match select(manifest, word)? {
        Selection::Exercise(chapter, exercise) => Ok((chapter, exercise)),
        Selection::Chapter(chapter) => Err(Stop::usage(format!(
            "{} has {} exercises; name one of them, such as {}",
            chapter.id,
            chapter.exercises.len(),
            chapter.exercises.first().map_or("", |first| &first.id)
        ))),
        Selection::All => Err(Stop::usage("name one exercise, such as 1.1")),
    }
}

fn current<'a>(workbook: &Workbook, manifest: &'a Manifest) -> Result<(&'a Chapter, &'a Exercise)> {
    let progress = Progress::load(workbook);
    let chapter = current_chapter(workbook, manifest, &progress)?;
    let entries = overview(workbook, manifest, &progress)?;
    match current_exercise(&entries, &progress, chapter) {
        Some(entry) => Ok((entry.chapter, entry.exercise)),
        None => Err(Stop::usage(
            "every exercise is ok, so name the one you mean, such as 1.1",
        )),
    }
}

/// `1.2  Keep stdout for the protocol`
pub(super) fn heading(exercise: &Exercise, style: Style) -> String {
    style.strong(&format!("{}  {}", exercise.id, exercise.title)) + "\n"
}
