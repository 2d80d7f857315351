//! Building a program before it is used.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xtask::cancel::{Cancel, Halt};
use xtask::cargo::{Outcome, Plan, Progress, build};
use xtask::exit::{Exit, Stop};
use xtask::manifest::Chapter;
use xtask::paths::Workbook;

/// The learner's program of a chapter, or the reference solution's.
///
/// # Errors
/// It does not build: the compiler's text has been printed, and the error names the next step.
pub(super) fn chapter_program(
    workbook: &Workbook,
    chapter: &Chapter,
    solution: bool,
    cancel: &Cancel,
) -> Result<PathBuf> {
    let (package, next) = if solution {
        (
            chapter.solution_package(),
            format!(
                "`git diff solutions/{}` shows what changed there",
                chapter.name
            ),
        )
    } else {
        (
            chapter.name.clone(),
            format!(
                "`cargo xtask check {}` says which exercise it belongs to",
                chapter.id
            ),
        )
    };
    let plan = Plan {
        binary: None,
        ..Plan::member(workbook, &package)
    };
    program(workbook, &plan, &package, &next, cancel)
}

/// A program of the workbook itself.
///
/// # Errors
/// It does not build, which is the workbook's fault.
pub(super) fn own_program(
    workbook: &Workbook,
    package: &str,
    binary: &str,
    target: &Path,
    cancel: &Cancel,
) -> Result<PathBuf> {
    let plan = Plan {
        binary: Some(binary.to_owned()),
        target: target.to_owned(),
        ..Plan::member(workbook, package)
    };
    let next = "`cargo xtask doctor` looks for the cause";
    program(workbook, &plan, binary, next, cancel).map_err(|error| match error.downcast::<Stop>() {
        Ok(stop) if stop.exit == Exit::DoesNotBuild => Stop::fault(stop.message),
        Ok(stop) => stop.into(),
        Err(error) => error,
    })
}

fn program(
    workbook: &Workbook,
    plan: &Plan,
    binary: &str,
    next: &str,
    cancel: &Cancel,
) -> Result<PathBuf> {
    let plan = Plan {
        colour: io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        ..plan.clone()
    };
    let mut bar = Bar::new(binary);
    let built = build(workbook, &plan, cancel, &mut |progress| bar.show(&progress));
    bar.clear();
    let built = built.map_err(|halt| match halt {
        Halt::Cancelled => Stop::fault("stopped before it was built"),
        Halt::Fault(error) => error,
    })?;
    match &built.outcome {
        Outcome::Ready(_) => built
            .executable(Some(binary))
            .map(Path::to_owned)
            .with_context(|| format!("cargo built no program called {binary}; {next}")),
        Outcome::Errors => {
            let mut text = String::new();
            for error in built.errors() {
                text.push_str(&error.rendered);
            }
            // If it cannot be shown, the sentence below still says what to do.
            let _ = io::stderr().lock().write_all(text.as_bytes());
            Err(Stop::does_not_build(format!(
                "{binary} does not compile; {next}"
            )))
        }
        Outcome::Refused(words) => Err(Stop::does_not_build(format!(
            "cargo refuses to build {binary}:\n{words}\n\n`{}` finds the cause",
            super::doctor::by_path()
        ))),
    }
}

/// Tells on standard error how far a long build is: in place on a terminal, once elsewhere.
struct Bar<'a> {
    what: &'a str,
    terminal: bool,
    shown: bool,
}

impl<'a> Bar<'a> {
    fn new(what: &'a str) -> Self {
        Self {
            what,
            terminal: io::stderr().is_terminal(),
            shown: false,
        }
    }

    fn show(&mut self, progress: &Progress) {
        let words = match progress {
            Progress::Fetching { line } => line.clone(),
            Progress::Waiting => "another cargo is at work here; waiting for it to end".to_owned(),
            Progress::Crates { done, all } => format!(
                "building {}: {done} of {all} crates; the first time takes about a minute",
                self.what
            ),
        };
        let mut output = io::stderr().lock();
        // Progress is a courtesy: nothing depends on whether it can be shown.
        let _ = if self.terminal {
            write!(output, "\r\x1b[2K{words}").and_then(|()| output.flush())
        } else if self.shown {
            Ok(())
        } else {
            writeln!(output, "{words}")
        };
        self.shown = true;
    }

    fn clear(&mut self) {
        if self.terminal && self.shown {
            // As above.
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}
