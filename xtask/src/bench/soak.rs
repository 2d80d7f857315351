//! Endurance of servers whose upstream fails: thousands of calls, and whether their memory stays what it was.
//!
//! The one measurement that is also a test: a call without an end and memory that grows are mistakes on any machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use verdict::{Endurance, Soak};

use super::machine::Machine;
use super::table::{Row, time};
use super::{Bench, settle};
use crate::cancel::Halt;
use crate::checker;
use crate::manifest::Chapter;
use crate::process::Input;

/// The chapters whose tools the loads know.
const FIRST: &str = "ch03";
const CAPSTONE: &str = "ch08";
/// The checker is silent until it is done, and has a limit of its own before this one.
const LIMIT: Duration = Duration::from_secs(400);
const CAPSTONE_LIMIT: Duration = Duration::from_secs(700);
/// How much more memory there may be at the end.
pub const RATIO: f64 = 1.2;
/// Where the numbers go, below the chapter's folder in the book.
const FILE: &str = "measured/endurance.json";

/// All numbers of the long load on the capstone, as the book reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endured {
    /// The machine, in words.
    pub machine: String,
    /// The command that has measured.
    pub command: String,
    /// What came of it.
    pub load: Endurance,
}

impl Bench<'_> {
    /// The checker puts long loads on the solutions, with optimisations. Gives what is wrong, if something is.
    pub(super) fn soak(&self, told: &mut dyn FnMut(Row)) -> Result<Vec<String>, Halt> {
        let mut wrong = Vec::new();
        for chapter in &self.manifest.chapters {
            let (row, broken) = match chapter.id.as_str() {
                FIRST => self.first(chapter)?,
                CAPSTONE => self.capstone(chapter)?,
                _ => continue,
            };
            told(row);
            wrong.extend(broken);
        }
        Ok(wrong)
    }

    fn first(&self, chapter: &Chapter) -> Result<(Row, Option<String>), Halt> {
        let row = Row::new(
            format!("{}: memory under a long load", chapter.name),
            "release; 10,000 mixed calls, 16 at a time, to a tracker that fails; after 1,000 and at the end",
        );
        let row = row.budget("≤ 1.2 ×, every call ends");
        let measured: Result<Soak, Halt> = self.load(chapter, &["soak"], LIMIT);
        judged(chapter, row, measured, shown, broken)
    }

    fn capstone(&self, chapter: &Chapter) -> Result<(Row, Option<String>), Halt> {
        let row = Row::new(
            format!("{}: memory under a long load", chapter.name),
            "release; 20,000 mixed calls, 16 at a time, in both eras over stdio and HTTP, to a tracker that fails; after 2,000 and at the end",
        );
        let row = row.budget("≤ 1.2 ×, every call ends");
        let machine = Machine::look();
        let measured = self.load(chapter, &["soak", "--capstone"], CAPSTONE_LIMIT);
        if let Ok(load) = &measured {
            self.remember(chapter, &machine, load)?;
        }
        judged(chapter, row, measured, endured, overgrown)
    }

    fn load<T: DeserializeOwned>(
        &self,
        chapter: &Chapter,
        words: &[&str],
        limit: Duration,
    ) -> Result<T, Halt> {
        let server = self.release(chapter)?;
        let checker = checker::program(self.workbook, self.cancel, &mut |_| {})?;
        let mut command = Command::new(checker);
        command.args(words).arg("--").arg(server);
        self.last_line(command, Input::Lifeline, limit)
    }

    fn remember(
        &self,
        chapter: &Chapter,
        machine: &Machine,
        load: &Endurance,
    ) -> anyhow::Result<()> {
        let endured = Endured {
            machine: machine.to_string(),
            command: "cargo xtask bench --only soak".to_owned(),
            load: load.clone(),
        };
        let book = self.workbook.root.join("book/src");
        let path: PathBuf = book.join(&chapter.name).join(FILE);
        let text = serde_json::to_string_pretty(&endured)? + "\n";
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        eprintln!("{} is new; the book shows it", self.workbook.shown(&path));
        Ok(())
    }
}

/// The row of a measurement, and what is wrong with it. Only the wish to stop is passed up.
fn judged<T>(
    chapter: &Chapter,
    row: Row,
    measured: Result<T, Halt>,
    shown: fn(Row, &T) -> Row,
    broken: fn(&T) -> Option<String>,
) -> Result<(Row, Option<String>), Halt> {
    let wrong = match &measured {
        Ok(found) => broken(found),
        Err(Halt::Fault(error)) => Some(format!("{error:#}")),
        Err(Halt::Cancelled) => None,
    };
    let mut told = None;
    settle(row, measured, &mut |row| told = Some(row), shown)?;
    let row = told.context("a measurement without a row")?;
    Ok((row, wrong.map(|wrong| format!("{}: {wrong}", chapter.name))))
}

fn shown(row: Row, found: &Soak) -> Row {
    let text = format!(
        "{:.2} ×: {} and {}; {} answered, {} cancelled, in {}",
        ratio(found),
        mebibytes(found.early_kib),
        mebibytes(found.late_kib),
        found.answered,
        found.cancelled,
        time(Duration::from_millis(found.millis)),
    );
    row.measured(text, broken(found).is_none())
}

fn ratio(found: &Soak) -> f64 {
    found.late_kib as f64 / found.early_kib.max(1) as f64
}

fn broken(found: &Soak) -> Option<String> {
    if found.answered + found.cancelled != found.calls {
        return Some(format!("{} calls, and not all have ended", found.calls));
    }
    grown("its memory", ratio(found))
}

fn endured(row: Row, found: &Endurance) -> Row {
    let ends = found
        .ends
        .iter()
        .map(|(end, calls)| format!("{calls} × {end}"));
    let memory = found.memory.iter().map(|memory| {
        format!(
            "{} {:.2} ×, {} and {}",
            memory.process,
            memory.ratio(),
            mebibytes(memory.early_kib),
            mebibytes(memory.late_kib)
        )
    });
    let text = format!(
        "{}; {}; {} faults of the tracker; longest wait {} ({}); in {}",
        memory.collect::<Vec<_>>().join(", "),
        ends.collect::<Vec<_>>().join(", "),
        found.faults,
        time(Duration::from_millis(found.longest_millis)),
        found.longest,
        time(Duration::from_millis(found.millis)),
    );
    row.measured(text, overgrown(found).is_none())
}

fn overgrown(found: &Endurance) -> Option<String> {
    if found.ends.values().sum::<u64>() != found.calls {
        return Some(format!("{} calls, and not all have ended", found.calls));
    }
    let mut memory = found.memory.iter();
    memory.find_map(|memory| grown(&format!("the memory {}", memory.process), memory.ratio()))
}

fn grown(what: &str, ratio: f64) -> Option<String> {
    (ratio > RATIO).then(|| format!("{what} has grown {ratio:.2} ×; {RATIO} × is the limit"))
}

fn mebibytes(kib: u64) -> String {
    format!("{:.1} MB", kib as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use verdict::{Endurance, MemoryOf, Soak};

    use super::{broken, overgrown};

    fn endurance(late_kib: u64, results: u64) -> Endurance {
        let process = |process: &str, late_kib| MemoryOf {
            process: process.into(),
            early_kib: 1000,
            late_kib,
        };
        Endurance {
            calls: 100,
            ends: BTreeMap::from([("result".into(), results), ("tool error".into(), 20)]),
            memory: vec![process("over stdio", 1100), process("over HTTP", late_kib)],
            ..Endurance::default()
        }
    }

    #[test]
    fn growth_and_lost_calls_are_mistakes() {
        assert_eq!(overgrown(&endurance(1200, 80)), None);
        assert_eq!(
            overgrown(&endurance(1300, 80)).as_deref(),
            Some("the memory over HTTP has grown 1.30 ×; 1.2 × is the limit")
        );
        assert_eq!(
            overgrown(&endurance(1000, 79)).as_deref(),
            Some("100 calls, and not all have ended")
        );
        let soak = |late_kib, cancelled| Soak {
            calls: 10,
            answered: 8,
            cancelled,
            early_kib: 1000,
            late_kib,
            ..Soak::default()
        };
        assert_eq!(broken(&soak(1000, 2)), None);
        assert!(broken(&soak(1000, 1)).is_some() && broken(&soak(1300, 2)).is_some());
    }
}
