//! `cargo xtask diff`: the learner's lines beside the reference.

use anyhow::Result;
use xtask::comparison::compare;
use xtask::exit::Exit;
use xtask::manifest::Manifest;
use xtask::paths::Workbook;
use xtask::place::{location, missing_markers};
use xtask::sources::Sources;
use xtask::style::Style;

use super::exercise::{find, heading};
use super::{Args, print, word_and_flags};

/// Shows every region of the exercise; what is missing comes with the way back.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, []) = word_and_flags(args, [])?;
    let manifest = Manifest::load(&workbook.root)?;
    let (chapter, exercise) = find(workbook, &manifest, word.as_deref())?;
    let sources = Sources::read(&workbook.root, chapter)?;
    let places = sources.places(&chapter.folder(&workbook.root), Some(&exercise.id));

    let style = Style::of_stdout();
    let mut text = heading(exercise, style);
    text.push('\n');
    let mut different = false;
    for place in &places {
        let Some(own) = &place.learner else {
            continue;
        };
        let lines = compare(
            own.body.iter().map(String::as_str),
            place.region.body.iter().map(String::as_str),
        );
        text.push_str(&location(chapter, place));
        if lines.is_empty() {
            text.push_str("  the same as the reference\n\n");
            continue;
        }
        different = true;
        text.push('\n');
        for line in &lines {
            text.push_str(&format!("  {}\n", line.shown(style)));
        }
        text.push('\n');
    }
    if different {
        text.push_str("  - only yours    + only in the reference. A different answer can be right too: the checks decide.\n\n");
    }
    text.push_str(&missing_markers(workbook, chapter, exercise, &places));
    text.push_str(&format!("next      cargo xtask check {}\n", exercise.id));
    print(&text)?;
    Ok(Exit::Done)
}
