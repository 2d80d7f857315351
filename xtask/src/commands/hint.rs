//! `cargo xtask hint`: one step more each time.

use anyhow::Result;
use xtask::exit::Exit;
use xtask::hints;
use xtask::manifest::{Chapter, Exercise, Manifest};
use xtask::paths::Workbook;
use xtask::place::{location, missing_markers};
use xtask::sources::{Place, Sources};
use xtask::style::Style;

use super::exercise::{find, heading};
use super::{Args, print, word_and_flags};

/// Shows the next hint, or with `--all` every one, and counts what was shown.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [all]) = word_and_flags(args, ["all"])?;
    let manifest = Manifest::load(&workbook.root)?;
    let (chapter, exercise) = find(workbook, &manifest, word.as_deref())?;
    let sources = Sources::read(&workbook.root, chapter)?;
    let style = Style::of_stdout();
    let places = sources.places(&chapter.folder(&workbook.root), Some(&exercise.id));

    let shown = hints::shown(workbook, exercise);
    let to_show = if all {
        0..exercise.hints.len()
    } else {
        shown..(shown + 1).min(exercise.hints.len())
    };
    let end = to_show.end;
    let mut text = heading(exercise, style);
    for number in to_show.clone() {
        text.push_str(&one_hint(exercise, number, style));
    }
    if to_show.is_empty() {
        text.push_str(&format!(
            "\n  All {} hints have been shown; there is no more. To see them again:\n  cargo xtask hint {} --all\n",
            exercise.hints.len(),
            exercise.id
        ));
    }
    text.push_str(&end_of_page(workbook, chapter, exercise, &places, end));
    print(&text)?;
    if end > shown
        && let Err(error) = hints::remember(workbook, exercise, end)
    {
        eprintln!("not remembered, so the same hint comes next time: {error:#}");
    }
    Ok(Exit::Done)
}

fn one_hint(exercise: &Exercise, number: usize, style: Style) -> String {
    let label = format!("hint {} of {}", number + 1, exercise.hints.len());
    format!(
        "\n  {}\n{}",
        style.faint(&label),
        style.wrapped(2, &exercise.hints[number])
    )
}

/// Where to write, and what to do next.
fn end_of_page(
    workbook: &Workbook,
    chapter: &Chapter,
    exercise: &Exercise,
    places: &[Place],
    shown: usize,
) -> String {
    let mut text = String::from("\n");
    for place in places.iter().filter(|place| place.learner.is_some()) {
        text.push_str(&format!("{}\n", location(chapter, place)));
    }
    text.push('\n');
    text.push_str(&missing_markers(workbook, chapter, exercise, places));
    let id = &exercise.id;
    match exercise.hints.len().saturating_sub(shown) {
        0 => text.push_str(&format!(
            "next      cargo xtask check {id}\n          no further hint: cargo xtask diff {id} or cargo xtask solution {id}\n"
        )),
        more => text.push_str(&format!(
            "next      cargo xtask check {id}\n          {more} more: cargo xtask hint {id}\n"
        )),
    }
    text
}
