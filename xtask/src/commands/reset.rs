//! `cargo xtask reset`: the starter back, and the learner's lines kept.

use anyhow::Result;
use xtask::ask::{Answer, ask};
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::reset::{Change, Extent, of_chapter, of_exercise};
use xtask::undo;

use super::exercise::{find, word_and_flags};
use super::{Args, print, select};

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
    let question = (beyond && !yes).then(|| {
        "The markers are gone, so the whole file comes from the starter. Your file is kept. Do it?"
            .to_owned()
    });
    apply(workbook, &exercise.id, &label, &changes, question)
}

fn whole_chapter(workbook: &Workbook, chapter: &Chapter, yes: bool) -> Result<Exit> {
    let changes = of_chapter(workbook, chapter)?;
    let label = format!("{} {}", chapter.id, chapter.title);
    let loses = changes.iter().any(|change| change.extent != Extent::Absent);
    let question = (loses && !yes).then(|| {
        format!(
            "Put all of chapters/{} back as it came? Your files are kept.",
            chapter.name
        )
    });
    apply(workbook, &chapter.id, &label, &changes, question)
}

/// Shows what changes, asks if there is a `question`, and does it.
fn apply(
    workbook: &Workbook,
    id: &str,
    label: &str,
    changes: &[Change],
    question: Option<String>,
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
    if let Some(question) = question {
        match ask(&question) {
            Answer::Yes => {}
            Answer::No => {
                print("Nothing was changed.\n")?;
                return Ok(Exit::Done);
            }
            Answer::Nobody => {
                return Err(Stop::usage(format!(
                    "{question}\nNothing was changed. There is no terminal to answer on; to do it: cargo xtask reset {id} --yes"
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
            "{path} has no markers of {} any more: the whole file comes back, with your lines in its other exercises\n",
            ids.join(", ")
        ),
        Extent::WholeFile => format!("{path}: the whole file\n"),
        Extent::Absent => return format!("{path} is missing or empty: it comes back\n\n"),
        Extent::NotOfTheChapter => {
            return format!("{path} did not come with the chapter: it is put aside\n\n");
        }
    };
    text.push_str("  - goes    + comes back\n");
    for line in change.difference.iter().take(SHOWN) {
        text.push_str(&format!("  {}\n", line.plain()));
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
    let mut text = format!("{} is as it was before its reset:\n", done.what);
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
