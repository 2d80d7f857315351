//! `cargo xtask list`: every exercise with its state. Nothing is built.

use anyhow::Result;
use xtask::exit::Exit;
use xtask::manifest::Manifest;
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::render::{beside_entry, chapter_line, exercise_line};
use xtask::states::{Entry, overview};
use xtask::style::Style;

use super::{Args, print};

/// Prints the list.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    if let Some(argument) = args.next()? {
        return Err(argument.unexpected().into());
    }
    let manifest = Manifest::load(&workbook.root)?;
    let progress = Progress::load(workbook);
    let entries = overview(workbook, &manifest, &progress)?;
    let style = Style::of_stdout();
    let mut text = String::new();
    for chapter in &manifest.chapters {
        if !text.is_empty() {
            text.push('\n');
        }
        let own: Vec<&Entry<'_>> = entries
            .iter()
            .filter(|entry| entry.chapter.id == chapter.id)
            .collect();
        let done = own
            .iter()
            .filter(|entry| progress.is_solved(&entry.exercise.id))
            .count();
        let right = format!("{done} of {} solved", own.len());
        text.push_str(&chapter_line(style, &chapter.id, &chapter.title, &right));
        text.push('\n');
        for entry in own {
            let Entry {
                exercise, state, ..
            } = entry;
            let beside = beside_entry(entry, &progress);
            text.push_str(&exercise_line(
                style,
                *state,
                &exercise.id,
                &exercise.title,
                &beside,
            ));
        }
    }
    print(&text)?;
    Ok(Exit::Done)
}
