//! `cargo xtask` alone: where you are, and what is next. Nothing is built.

use anyhow::Result;
use xtask::exit::Exit;
use xtask::manifest::{Chapter, Manifest};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::states::{Entry, State, current_chapter, current_exercise, overview};
use xtask::style::Style;

use super::{Args, print};

/// Prints it.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    if let Some(argument) = args.next()? {
        return Err(argument.unexpected().into());
    }
    let manifest = Manifest::load(&workbook.root)?;
    let progress = Progress::load(workbook);
    let entries = overview(workbook, &manifest, &progress)?;
    let chapter = current_chapter(workbook, &manifest, &progress)?;
    let style = Style::of_stdout();
    let solved = entries
        .iter()
        .filter(|entry| progress.is_solved(&entry.exercise.id))
        .count();
    let mut text = style.strong("MCP servers in Rust: an interactive workbook");
    text.push_str(&format!(
        "\n\n  done      {solved} of {} exercises\n",
        entries.len()
    ));
    match current_exercise(&entries, &progress, chapter) {
        Some(entry) => text.push_str(&at(workbook, entry, solved == 0, style)),
        None => text.push_str(&finished(chapter)),
    }
    print(&text)?;
    Ok(Exit::Done)
}

fn at(workbook: &Workbook, entry: &Entry<'_>, fresh: bool, style: Style) -> String {
    let Entry {
        chapter,
        exercise,
        state,
        standing,
    } = entry;
    let id = &exercise.id;
    let mut text = format!("  you are   in {}: {}\n", chapter.id, chapter.title);
    let minutes = match exercise.minutes {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let state = match state {
        State::NotStarted => minutes,
        state => state.words().to_owned(),
    };
    text.push_str(&format!("  next      {id} {} ({state})\n", exercise.title));
    text.push_str(&style.labelled(12, "  goal", &exercise.goal));
    if let Some(standing) = standing {
        let path = chapter.folder(&workbook.root).join(&standing.path);
        text.push_str(&format!(
            "  where     {}:{}\n",
            workbook.shown(&path),
            standing.line
        ));
    }
    text.push('\n');
    let check = format!("check {id}");
    let hint = format!("hint {id}");
    let mut commands = vec![
        ("serve", "the book in your browser"),
        (check.as_str(), "build your server and judge this exercise"),
        ("watch", "the same for the whole chapter, at every save"),
        (hint.as_str(), "the next hint"),
        ("list", "every exercise with its state"),
        ("help", "every command"),
    ];
    if !fresh {
        // Whoever has solved something has found the book: what comes next stands first.
        commands.rotate_left(1);
        commands.swap(4, 5);
    }
    for (command, does) in commands {
        text.push_str(&format!("  cargo xtask {command:<11} {does}\n"));
    }
    text
}

fn finished(chapter: &Chapter) -> String {
    format!(
        "\n  Every exercise is solved. Make a server of your own from any chapter:\n\n  \
         cargo xtask new ../my-server --from {}\n",
        chapter.id
    )
}
