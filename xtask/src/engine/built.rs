//! A build as the report tells it.

use std::collections::BTreeSet;

use crate::attribute::Files;
use crate::cargo::{Build, Outcome};
use crate::paths::Workbook;
use crate::report::{BuildReport, CompileError};
use crate::subject::Crate;

/// The report on a build; `changed` are the exercises that changed since it last compiled.
pub(super) fn built(
    workbook: &Workbook,
    krate: &Crate,
    changed: &BTreeSet<String>,
    build: &Build,
) -> BuildReport {
    let mut files = Files::new(&krate.folder);
    let errors = build.errors().map(|error| {
        let owner = files.owner(error, changed);
        let place = owner.place.map(|(path, line)| {
            let path = workbook.shown(&krate.folder.join(path));
            format!("{path}:{line}")
        });
        CompileError {
            exercise: owner.exercise,
            place,
            diagnostic: error.clone(),
        }
    });
    let refused = match &build.outcome {
        Outcome::Refused(words) => Some(words.clone()),
        Outcome::Ready(programs) if programs.is_empty() => Some(format!(
            "{} makes no program: it has lost its [[bin]] section. `cargo xtask doctor` repairs it.",
            workbook.shown(&krate.folder.join("Cargo.toml"))
        )),
        _ => None,
    };
    BuildReport {
        ready: build.executable(None).is_some(),
        millis: build.took.as_millis().try_into().unwrap_or(u64::MAX),
        waited_millis: build.waited.as_millis().try_into().unwrap_or(u64::MAX),
        errors: errors.collect(),
        warnings: build.warnings().cloned().collect(),
        refused,
    }
}

/// A build that was not even tried.
pub(super) fn refused(words: String) -> Build {
    Build {
        outcome: Outcome::Refused(words),
        tests: None,
        diagnostics: Vec::new(),
        took: Default::default(),
        waited: Default::default(),
    }
}
