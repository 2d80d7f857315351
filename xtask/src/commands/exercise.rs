//! What the commands about one exercise share: finding it, and naming it.

use std::path::Path;

use anyhow::Result;
use xtask::exit::Stop;
use xtask::manifest::{Chapter, Exercise, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::sources::Place;
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

/// `chapters/ch01-hello-world/src/logging.rs:12`, which terminals and editors open at a click.
pub(super) fn location(chapter: &Chapter, place: &Place) -> String {
    format!("{}:{}", file(chapter, &place.path), place.line())
}

/// A file of the learner's crate as the reader knows it.
pub(super) fn file(chapter: &Chapter, path: &Path) -> String {
    format!("chapters/{}/{}", chapter.name, path.display()).replace('\\', "/")
}

/// One sentence for each file that lost markers of this exercise, with the way back; empty if none did.
pub(super) fn missing_markers(
    workbook: &Workbook,
    chapter: &Chapter,
    exercise: &Exercise,
    places: &[Place],
) -> String {
    let mut text = String::new();
    for place in places.iter().filter(|place| place.learner.is_none()) {
        let whole = chapter.folder(&workbook.root).join(&place.path);
        let shown = file(chapter, &place.path);
        let what = if whole.is_file() {
            format!(
                "{shown} has lost a marker of region {}: the lines\n  {}\n  {}",
                place.region.id,
                place.region.begin_marker().trim(),
                place.region.end_marker().trim()
            )
        } else {
            format!("{shown} is not there")
        };
        text.push_str(&format!(
            "{what}\nPut them around your lines again, or get the starter back (your file is kept):\n  cargo xtask reset {}\n\n",
            exercise.id
        ));
    }
    text
}
