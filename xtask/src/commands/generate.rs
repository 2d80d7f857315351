//! `cargo xtask generate`: `chapters/` from `solutions/`.

use anyhow::Result;
use xtask::exit::Exit;
use xtask::generate::{compare, write};
use xtask::manifest::Manifest;
use xtask::paths::Workbook;
use xtask::undo;

use super::{Args, chapters, print, word_and_flags};

/// Writes every chapter, or with `--check` says what would change and ends with exit code 1.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [check]) = word_and_flags(args, ["check"])?;
    let manifest = Manifest::load(&workbook.root)?;
    let chapters = chapters(&manifest, word.as_deref())?;
    let mut kept = None;
    let mut replaced = Vec::new();
    let mut text = String::new();
    let mut drift = false;
    for chapter in chapters {
        let mut changes = compare(workbook, &manifest, chapter)?;
        if !check && !changes.is_empty() {
            let folder = match &kept {
                Some(folder) => folder,
                None => kept.insert(undo::new_folder(workbook, "generate")?),
            };
            changes = write(workbook, &manifest, chapter, &undo::before(folder))?;
            replaced.extend(changes.written.iter().chain(&changes.removed).cloned());
        }
        drift |= !changes.is_empty();
        for path in &changes.written {
            let verb = if check { "differs" } else { "written" };
            text.push_str(&format!("{verb}  {}\n", path.display()));
        }
        for path in &changes.removed {
            let verb = if check { "surplus" } else { "removed" };
            text.push_str(&format!("{verb}  {}\n", path.display()));
        }
        if changes.is_empty() {
            text.push_str(&format!("ok       chapters/{}\n", chapter.name));
        }
    }
    if let Some(folder) = kept.filter(|folder| undo::before(folder).is_dir()) {
        undo::record(&folder, "generate", &replaced)?;
        text.push_str(&format!(
            "kept      {}\nback      cargo xtask reset --undo\n",
            workbook.shown(&folder)
        ));
    }
    if check && drift {
        text.push_str(
            "chapters/ is not what solutions/ makes. Change the solution, then: cargo xtask generate\n",
        );
    }
    print(&text)?;
    Ok(if check && drift {
        Exit::NotYet
    } else {
        Exit::Done
    })
}
