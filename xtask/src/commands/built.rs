//! Building a program before it is used.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xtask::cancel::{Cancel, Halt};
use xtask::cargo::{Outcome, Plan, build};
use xtask::checker;
use xtask::exit::{Exit, Stop};
use xtask::fetch::{self, Fetched};
use xtask::manifest::Chapter;
use xtask::paths::Workbook;
use xtask::style::Style;
use xtask::ticker::Ticker;

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
    program(workbook, &plan, &package, Exit::DoesNotBuild, &next, cancel)
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
    let next = "`git status` shows what changed outside chapters/";
    program(workbook, &plan, binary, Exit::Fault, next, cancel)
}

/// The checker, built if its sources are newer.
///
/// # Errors
/// It does not build, which is the workbook's fault.
pub(super) fn checker(workbook: &Workbook, cancel: &Cancel) -> Result<PathBuf> {
    let mut ticker = Ticker::new();
    let program = checker::program(workbook, cancel, &mut |progress| {
        ticker.show("the checker", &progress)
    });
    drop(ticker);
    program.map_err(stopped)
}

/// Downloads what the workspace needs, if that was not done yet. Cargo's words, if it refuses a manifest.
///
/// # Errors
/// There is no network.
pub(super) fn download(workbook: &Workbook, cancel: &Cancel) -> Result<Option<String>> {
    let mut ticker = Ticker::new();
    let fetched = fetch::ensure(workbook, cancel, &mut |progress| {
        ticker.show("the crates of the workbook", &progress)
    });
    drop(ticker);
    match fetched.map_err(stopped)? {
        Fetched::Ready => Ok(None),
        Fetched::Refused(words) => Ok(Some(words)),
    }
}

fn program(
    workbook: &Workbook,
    plan: &Plan,
    binary: &str,
    on_errors: Exit,
    next: &str,
    cancel: &Cancel,
) -> Result<PathBuf> {
    if let Some(words) = download(workbook, cancel)? {
        return Err(refused(&words));
    }
    let plan = Plan {
        colour: Style::of_stdout().colour && io::stderr().is_terminal(),
        ..plan.clone()
    };
    let mut ticker = Ticker::new();
    let built = build(workbook, &plan, cancel, &mut |progress| {
        ticker.show(binary, &progress)
    });
    drop(ticker);
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
            let message = format!("{binary} does not compile; {next}");
            Err(stop(on_errors, message))
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
        Halt::Cancelled => interrupted("stopped before it was built"),
        Halt::Fault(error) => error,
    }
}

/// How a command ends that goes on until Ctrl-C.
///
/// # Errors
/// It ended for another reason.
pub(super) fn until_stopped(ended: Result<(), Halt>) -> Result<Exit> {
    match ended {
        Ok(()) | Err(Halt::Cancelled) => Ok(Exit::Done),
        Err(Halt::Fault(error)) => Err(error),
    }
}

/// What Ctrl-C ends with.
pub(super) fn interrupted(message: &str) -> anyhow::Error {
    stop(Exit::Interrupted, message.to_owned())
}

fn stop(exit: Exit, message: String) -> anyhow::Error {
    anyhow::Error::new(Stop { exit, message })
}
