//! `cargo xtask wire`: records the exchanges that the book shows.

use anyhow::{Result, anyhow};
use xtask::cancel::{Cancel, Halt};
use xtask::comparison::unified;
use xtask::exit::Exit;
use xtask::manifest::{Chapter, Manifest};
use xtask::paths::Workbook;
use xtask::recordings::{Recording, record};
use xtask::rewrite::write_whole;
use xtask::{checker, fetch};

use super::{Args, chapters, print, word_and_flags};

/// How many equal lines are shown around a difference.
const AROUND: usize = 3;

/// Writes the recordings beside their scripts, or with `--check` says which would change.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [check]) = word_and_flags(args, ["check"])?;
    let manifest = Manifest::load(&workbook.root)?;
    let chapters = chapters(&manifest, word.as_deref())?;
    let cancel = Cancel::on_signals()?;
    let recordings = match recordings(workbook, &manifest, &chapters, &cancel) {
        Ok(recordings) => recordings,
        Err(Halt::Cancelled) => return Err(anyhow!("stopped; nothing was written")),
        Err(Halt::Fault(error)) => return Err(error),
    };
    let changed: Vec<&Recording> = recordings
        .iter()
        .filter(|recording| recording.kept() != recording.text)
        .collect();
    for recording in &changed {
        let path = workbook.shown(&recording.path());
        if check {
            let difference = unified(&recording.kept(), &recording.text, AROUND);
            print(&format!("differs  {path}\n{difference}\n"))?;
        } else {
            write_whole(&recording.path(), recording.text.as_bytes())?;
            print(&format!("written  {path}\n"))?;
        }
    }
    print(&format!(
        "{} exchanges, {} {}\n",
        recordings.len(),
        changed.len(),
        if check { "differ" } else { "written" }
    ))?;
    Ok(match check && !changed.is_empty() {
        true => Exit::NotYet,
        false => Exit::Done,
    })
}

fn recordings(
    workbook: &Workbook,
    manifest: &Manifest,
    chapters: &[&Chapter],
    cancel: &Cancel,
) -> Result<Vec<Recording>, Halt> {
    fetch::ensure(workbook, cancel, &mut |_| {})?;
    let checker = checker::program(workbook, cancel, &mut |_| {})?;
    record(workbook, manifest, chapters, &checker, cancel)
}
