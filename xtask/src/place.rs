//! Where an exercise is, in words: `path:line`, and what to do about markers that are gone.

use std::path::Path;

use crate::manifest::{Chapter, Exercise};
use crate::paths::Workbook;
use crate::sources::Place;

/// `chapters/ch01-hello-world/src/logging.rs:12`, which terminals and editors open at a click.
pub fn location(chapter: &Chapter, place: &Place) -> String {
    format!("{}:{}", file(chapter, &place.path), place.line())
}

/// A file of the learner's crate as the reader knows it.
pub fn file(chapter: &Chapter, path: &Path) -> String {
    format!("chapters/{}/{}", chapter.name, path.display()).replace('\\', "/")
}

/// One sentence for each file that lost markers of this exercise, with the way back; empty if none did.
pub fn missing_markers(
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
