//! What a release profile is worth: how large the program is, and how soon it answers.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use super::stdio::{START, STARTS};
use super::table::{Row, median, time, worst};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo::{Plan, build};
use crate::manifest::Chapter;

/// Where a chapter keeps the profile for what it hands out.
const FILE: &str = "packaging/release-profile.toml";

/// What was measured of one program.
struct Program {
    bytes: u64,
    times: Vec<Duration>,
}

impl Bench<'_> {
    /// The solutions that have a profile: as cargo builds them, and with it.
    pub(super) fn profile(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        for chapter in &self.manifest.chapters {
            let file = chapter.solution_folder(&self.workbook.root).join(FILE);
            if !file.is_file() {
                continue;
            }
            for config in [None, Some(&file)] {
                let what =
                    config.map_or("as cargo builds it".to_owned(), |_| format!("with {FILE}"));
                let row = Row::new(
                    format!("{}: {what}", chapter.name),
                    format!(
                        "release; size, and start → first answer; median of {STARTS}, worst in brackets"
                    ),
                );
                let measured = self.built_with(chapter, config);
                settle(row.budget("≤ 5 ms"), measured, told, shown)?;
            }
        }
        Ok(())
    }

    fn built_with(&self, chapter: &Chapter, config: Option<&PathBuf>) -> Result<Program, Halt> {
        let plan = Plan {
            release: true,
            config: config.cloned(),
            target: self.scratch.join("release"),
            ..Plan::member(self.workbook, &chapter.solution_package())
        };
        let built = build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        let program = built.executable(None);
        let program = program.ok_or_else(|| fault("the solution does not build"))?;
        let data = fs::metadata(program).context("the program is not there")?;
        Ok(Program {
            bytes: data.len(),
            times: self.starts(program)?,
        })
    }
}

fn shown(row: Row, program: &Program) -> Row {
    let text = format!(
        "{:.1} MB; {} ({})",
        program.bytes as f64 / 1e6,
        time(median(&program.times)),
        time(worst(&program.times))
    );
    row.measured(text, median(&program.times) <= START)
}
