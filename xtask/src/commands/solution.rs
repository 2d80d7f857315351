//! `cargo xtask solution`: the reference solution of an exercise.

use anyhow::Result;
use xtask::ask::{Answer, ask};
use xtask::exit::Exit;
use xtask::manifest::Manifest;
use xtask::paths::Workbook;
use xtask::place::{location, missing_markers};
use xtask::progress::Progress;
use xtask::sources::Sources;
use xtask::style::Style;

use super::exercise::{find, heading};
use super::{Args, print, word_and_flags};

/// Prints every region as the reference has it; asks first at a terminal if it is not solved yet.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [yes]) = word_and_flags(args, ["yes"])?;
    let manifest = Manifest::load(&workbook.root)?;
    let (chapter, exercise) = find(workbook, &manifest, word.as_deref())?;
    if !yes && !Progress::load(workbook).is_solved(&exercise.id) {
        let question = format!(
            "{} is not solved yet, and a hint may do. Show the solution?",
            exercise.id
        );
        if ask(&question) == Answer::No {
            print(&format!("next      cargo xtask hint {}\n", exercise.id))?;
            return Ok(Exit::Done);
        }
    }
    let sources = Sources::read(&workbook.root, chapter)?;
    let places = sources.places(&chapter.folder(&workbook.root), Some(&exercise.id));
    let mut text = heading(exercise, Style::of_stdout());
    for place in &places {
        text.push_str(&format!(
            "\nsolutions/{}/{}:{}\n",
            chapter.name,
            place.path.display(),
            place.region.line
        ));
        for line in &place.region.body {
            // Not indented further, so that it can be copied as it stands.
            text.push_str(line);
            text.push('\n');
        }
        if place.learner.is_some() {
            text.push_str(&format!("yours: {}\n", location(chapter, place)));
        }
    }
    text.push('\n');
    text.push_str(&missing_markers(workbook, chapter, exercise, &places));
    text.push_str(&format!(
        "next      cargo xtask diff {id}     your lines beside these\n          cargo xtask check {id}\n",
        id = exercise.id
    ));
    print(&text)?;
    Ok(Exit::Done)
}
