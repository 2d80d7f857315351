//! `cargo xtask reset`: the starter back, and the learner's lines kept.

use anyhow::Result;
use xtask::ask::{Answer, ask};
use xtask::comparison::Side;
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::reset::{Change, Extent, of_chapter, of_exercise};
use xtask::style::Style;
use xtask::undo;

use super::exercise::find;
use super::{Args, print, select, word_and_flags};

/// How many lines of a difference are shown; the rest is in the copy.
const SHOWN: usize = 40;

/// Resets an exercise or a chapter, or takes the last reset back.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [undo, yes]) = word_and_flags(args, ["undo", "yes"])?;
    if undo {
        return match word {
            None => take_back(workbook),
            Some(word) => Err(Stop::usage(format!(
                "`--undo` takes the last reset back, whichever it was; leave out `{word}`"
            ))),
        };
    }
    let manifest = Manifest::load(&workbook.root)?;
    if let Some(word) = &word {
        match select(&manifest, word)? {
            Selection::Chapter(chapter) => return whole_chapter(workbook, chapter, yes),
            Selection::All => {
                return Err(Stop::usage(
                    "one chapter at a time, such as `cargo xtask reset ch01`",
                ));
            }
            Selection::Exercise(..) => {}
        }
    }
    let (chapter, exercise) = find(workbook, &manifest, word.as_deref())?;
    let changes = of_exercise(workbook, chapter, exercise)?;
    let label = format!("{} {}", exercise.id, exercise.title);
    let beyond = changes
        .iter()
        .any(|change| matches!(change.extent, Extent::WithoutMarkers(_)));
    let consent = (beyond && !yes).then_some("More than this exercise comes from the starter.");
    apply(workbook, &exercise.id, &label, &changes, consent)
}

fn whole_chapter(workbook: &Workbook, chapter: &Chapter, yes: bool) -> Result<Exit> {
    let changes = of_chapter(workbook, chapter)?;
    let label = format!("{} {}", chapter.id, chapter.title);
    let loses = changes.iter().any(|change| change.extent != Extent::Absent);
    let consent = (loses && !yes).then_some("The whole chapter comes from the starter.");
    apply(workbook, &chapter.id, &label, &changes, consent)
}

/// Shows what changes, asks first if there is something to consent to, and does it.
fn apply(
    workbook: &Workbook,
    id: &str,
    label: &str,
    changes: &[Change],
    consent: Option<&str>,
) -> Result<Exit> {
    if changes.is_empty() {
        print(&format!(
            "{label}\n\nThis is as it came; there is nothing to reset.\n"
        ))?;
        return Ok(Exit::Done);
    }
    let mut text = format!("{label}\n\n");
    for change in changes {
        text.push_str(&told(change));
    }
    print(&text)?;
    if let Some(reason) = consent {
        match ask(&format!("{reason} Your files are kept. Do it?")) {
            Answer::Yes => {}
            Answer::No => {
                print("Nothing was changed.\n")?;
                return Ok(Exit::Done);
            }
            Answer::Nobody => {
                return Err(Stop::usage(format!(
                    "{reason} Nothing was changed, since there is no terminal to ask on.\n\
                     To do it (your files are kept): cargo xtask reset {id} --yes"
                )));
            }
        }
    }
    let files: Vec<_> = changes
        .iter()
        .map(|change| change.replacement.clone())
        .collect();
    let kept = undo::replace(workbook, id, &files)?;
    let mut text = format!("{id} is as it came.\n");
    if let Some(folder) = kept.folder {
        text.push_str(&format!(
            "kept      {}\nback      cargo xtask reset --undo\n",
            workbook.shown(&folder)
        ));
    }
    print(&text)?;
    Ok(Exit::Done)
}

/// What happens to one file, with the lines that go and come.
fn told(change: &Change) -> String {
    let path = change.replacement.path.display();
    let mut text = match &change.extent {
        Extent::Regions(_) => format!("{path}\n"),
        Extent::WithoutMarkers(ids) => format!(
            "{path} has lost markers of {}: the whole file comes back, with your lines in its other exercises\n",
            ids.join(", ")
        ),
        Extent::WholeFile => {
            let count = |side| {
                change
                    .difference
                    .iter()
                    .filter(|line| line.side == side)
                    .count()
            };
            return format!(
                "{path}: {} lines go, {} come back\n\n",
                count(Side::First),
                count(Side::Second)
            );
        }
        Extent::Absent => return format!("{path} is missing or empty: it comes back\n\n"),
        Extent::NotOfTheChapter => {
            return format!("{path} did not come with the chapter: it is put aside\n\n");
        }
    };
    let style = Style::of_stdout();
    text.push_str("  - goes    + comes back\n");
    for line in change.difference.iter().take(SHOWN) {
        text.push_str(&format!("  {}\n", line.shown(style)));
    }
    let more = change.difference.len().saturating_sub(SHOWN);
    if more > 0 {
        text.push_str(&format!("  … {more} more lines\n"));
    }
    text.push('\n');
    text
}

fn take_back(workbook: &Workbook) -> Result<Exit> {
    let Some(done) = undo::take_back(workbook)? else {
        print("There is no reset to take back.\n")?;
        return Ok(Exit::Done);
    };
    let mut text = match done.what.as_str() {
        verb @ ("doctor" | "generate") => format!("What `{verb}` replaced is back:\n"),
        id => format!("{id} is as it was before its reset:\n"),
    };
    for file in &done.files {
        text.push_str(&format!("  {}\n", file.display()));
    }
    if let Some(saved) = &done.saved {
        text.push_str(&format!(
            "You had changed it since; that text is kept: {}\n",
            workbook.shown(saved)
        ));
    }
    if done.left > 0 {
        text.push_str(&format!(
            "{} more can be taken back: cargo xtask reset --undo\n",
            done.left
        ));
    }
    print(&text)?;
    Ok(Exit::Done)
}
