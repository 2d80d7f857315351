//! Endurance of the server whose upstream fails: thousands of calls, and whether its memory stays what it was.

use std::process::Command;
use std::time::Duration;

use verdict::Soak;

use super::table::{Row, time};
use super::{Bench, settle};
use crate::cancel::Halt;
use crate::checker;
use crate::manifest::Chapter;
use crate::process::Input;

/// The chapter whose tools the load knows.
const CHAPTER: &str = "ch03";
/// The checker is silent until it is done, and has a limit of its own before this one.
const LIMIT: Duration = Duration::from_secs(400);
const RATIO: f64 = 1.2;

impl Bench<'_> {
    /// The checker puts a long load on the solution, with optimisations.
    pub(super) fn soak(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let chapters = self.manifest.chapters.iter();
        for chapter in chapters.filter(|chapter| chapter.id == CHAPTER) {
            let row = Row::new(
                format!("{}: memory under a long load", chapter.name),
                "release; 10,000 mixed calls, 16 at a time, to a tracker that fails; after 1,000 and at the end",
            );
            let row = row.budget("≤ 1.2 ×, every call ends");
            settle(row, self.load(chapter), told, shown)?;
        }
        Ok(())
    }

    fn load(&self, chapter: &Chapter) -> Result<Soak, Halt> {
        let server = self.release(chapter)?;
        let checker = checker::program(self.workbook, self.cancel, &mut |_| {})?;
        let mut command = Command::new(checker);
        command.args(["soak", "--"]).arg(server);
        self.last_line(command, Input::Lifeline, LIMIT)
    }
}

fn shown(row: Row, found: &Soak) -> Row {
    let ratio = found.late_kib as f64 / found.early_kib.max(1) as f64;
    let text = format!(
        "{ratio:.2} ×: {} and {}; {} answered, {} cancelled, in {}",
        mebibytes(found.early_kib),
        mebibytes(found.late_kib),
        found.answered,
        found.cancelled,
        time(Duration::from_millis(found.millis)),
    );
    let all_ended = found.answered + found.cancelled == found.calls;
    row.measured(text, ratio <= RATIO && all_ended)
}

fn mebibytes(kib: u64) -> String {
    format!("{:.1} MB", kib as f64 / 1024.0)
}
