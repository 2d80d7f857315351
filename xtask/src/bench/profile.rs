//! What each setting of a release profile is worth: how large the program is, and how soon it answers.

use std::fs;
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
    /// The solutions that have a profile: as cargo builds them, then with one more setting each time.
    pub(super) fn profile(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        for chapter in &self.manifest.chapters {
            let file = chapter.solution_folder(&self.workbook.root).join(FILE);
            let Ok(text) = fs::read_to_string(&file) else {
                continue;
            };
            let settings = settings(&text).with_context(|| file.display().to_string())?;
            for count in 0..=settings.len() {
                let what = match count {
                    0 => "as cargo builds it".to_owned(),
                    1 => format!("with `{}`", settings[0]),
                    _ => format!("and with `{}`", settings[count - 1]),
                };
                let row = Row::new(
                    format!("{}: {what}", chapter.name),
                    format!(
                        "release; size, and start → first answer; median of {STARTS}, worst in brackets"
                    ),
                );
                let measured = self.built_with(chapter, &settings[..count]);
                settle(row.budget("≤ 5 ms"), measured, told, shown)?;
            }
        }
        Ok(())
    }

    fn built_with(&self, chapter: &Chapter, settings: &[String]) -> Result<Program, Halt> {
        let plan = Plan {
            release: true,
            config: settings
                .iter()
                .map(|setting| format!("profile.release.{setting}"))
                .collect(),
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

/// The settings of `[profile.release]`, each as a line of TOML.
fn settings(text: &str) -> anyhow::Result<Vec<String>> {
    let table: toml::Table = toml::from_str(text)?;
    let profile = table.get("profile").and_then(|own| own.get("release"));
    let profile = profile.and_then(toml::Value::as_table);
    let profile = profile.context("it has no [profile.release]")?;
    let lines = profile.iter();
    Ok(lines
        .map(|(key, value)| format!("{key} = {value}"))
        .collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_order() {
        let text = "[profile.release]\nstrip = \"symbols\"\ncodegen-units = 1\n";
        let expected = ["strip = \"symbols\"", "codegen-units = 1"];
        assert_eq!(settings(text).expect("it is TOML"), expected);
        assert!(settings("[profile.dev]\n").is_err());
    }
}
