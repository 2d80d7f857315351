//! Building a program before it is used.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xtask::cancel::{Cancel, Halt};
use xtask::cargo::{Outcome, Plan, Progress, build};
use xtask::checker;
use xtask::exit::{Exit, Stop};
use xtask::fetch::{self, Fetched};
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

/// The checker, built if its sources are newer.
///
/// # Errors
/// It does not build, which is the workbook's fault.
pub(super) fn checker(workbook: &Workbook, cancel: &Cancel) -> Result<PathBuf> {
    let mut bar = Bar::new("the checker");
    let program = checker::program(workbook, cancel, &mut |progress| bar.show(&progress));
    bar.clear();
    program.map_err(stopped)
}

/// Downloads what the workspace needs, if that was not done yet. Cargo's words, if it refuses a manifest.
///
/// # Errors
/// There is no network.
pub(super) fn download(workbook: &Workbook, cancel: &Cancel) -> Result<Option<String>> {
    let mut bar = Bar::new("");
    let fetched = fetch::ensure(workbook, cancel, &mut |progress| bar.show(&progress));
    bar.clear();
    match fetched.map_err(stopped)? {
        Fetched::Ready => Ok(None),
        Fetched::Refused(words) => Ok(Some(words)),
    }
}

fn program(
    workbook: &Workbook,
    plan: &Plan,
    binary: &str,
    next: &str,
    cancel: &Cancel,
) -> Result<PathBuf> {
    if let Some(words) = download(workbook, cancel)? {
        return Err(refused(&words));
    }
    let plan = Plan {
        colour: io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        ..plan.clone()
    };
    let mut bar = Bar::new(binary);
    let built = build(workbook, &plan, cancel, &mut |progress| bar.show(&progress));
    bar.clear();
    let built = built.map_err(stopped)?;
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
        Outcome::Refused(words) => Err(refused(words)),
    }
}

fn refused(words: &str) -> anyhow::Error {
    Stop::does_not_build(format!(
        "cargo refuses to build:\n{words}\n\nThis finds the cause and repairs it: {}",
        super::doctor::by_path()
    ))
}

fn stopped(halt: Halt) -> anyhow::Error {
    match halt {
        Halt::Cancelled => Stop::fault("stopped before it was built"),
        Halt::Fault(error) => error,
    }
}

/// More crates than any change of one's own leaves to build.
const MANY: usize = 20;

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
            Progress::Crates { done, all } if all.saturating_sub(*done) > MANY => format!(
                "building {}: {done} of {all} crates are ready; the rest takes about a minute, once",
                self.what
            ),
            Progress::Crates { done, all } => {
                format!("building {}: {done} of {all} crates are ready", self.what)
            }
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
