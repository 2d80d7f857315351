//! Starting the checker, and reading what it finds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::anyhow;
use verdict::{CheckInfo, CheckResult, Era, Event};

use crate::cancel::{Cancel, Halt};
use crate::heard::Heard;
use crate::process::{Child, Input, Line};

mod program;

pub use program::{id, program};

/// How long the checker may be silent. Its own limits are much shorter.
const SILENCE: Duration = Duration::from_secs(60);

/// A server to judge, and how it is started.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The program.
    pub command: OsString,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// The folder it starts in; none for that of the checks.
    pub cwd: Option<PathBuf>,
    /// Added to its environment.
    pub env: Vec<(String, String)>,
    /// Its crate and the target folder it was built into; none for foreign servers.
    pub krate: Option<(PathBuf, PathBuf)>,
    /// The program of its integration tests, where its chapter has exercises about them.
    pub tests: Option<PathBuf>,
}

/// Which checks to run.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Such as `ch02`.
    pub chapter: String,
    /// Only these exercises; empty for all of the chapter.
    pub exercises: Vec<String>,
    /// Only these checks, by name; empty for all.
    pub checks: Vec<String>,
    /// Only this era.
    pub era: Option<Era>,
    /// The exercise whose checks begin before the others.
    pub first: Option<String>,
    /// Leave out the checks that must wait for time to pass.
    pub skip_slow: bool,
    /// The messages of checks that pass, too.
    pub wire: bool,
}

/// Everything that the checker found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The checks that were asked for.
    pub plan: Vec<CheckInfo>,
    /// How each ended, in the order of the plan.
    pub results: Vec<CheckResult>,
}

/// Runs the checks. Every event goes to `sink` as it comes.
///
/// # Errors
/// Cancelled; the checker cannot run, falls silent, or stops before the end; it has no check at all.
pub fn run(
    program: &Path,
    request: &Request,
    subject: &Subject,
    cancel: &Cancel,
    sink: &mut dyn FnMut(&Event),
) -> Result<Findings, Halt> {
    let mut stream = Stream::default();
    let child = Child::start(command(program, request, subject), Input::Lifeline)?;
    let silence = SILENCE.mul_f64(time_factor());
    let ended = child.run(cancel, silence, |line| stream.line(line, sink));
    match ended {
        Ok(status) if !stream.done => Err(Halt::Fault(anyhow!(
            "the checker stopped before the end ({status}).{}",
            stream.heard()
        ))),
        Ok(_) => stream.findings(),
        Err(Halt::Cancelled) => Err(Halt::Cancelled),
        Err(Halt::Fault(error)) => Err(Halt::Fault(
            error.context(format!("the checker does not go on.{}", stream.heard())),
        )),
    }
}

/// `WORKBOOK_TIME_FACTOR`: every limit is multiplied by it, for slow machines.
pub fn time_factor() -> f64 {
    std::env::var("WORKBOOK_TIME_FACTOR")
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|factor: &f64| (1.0..=1000.0).contains(factor))
        .unwrap_or(1.0)
}

fn command(program: &Path, request: &Request, subject: &Subject) -> Command {
    let mut command = Command::new(program);
    command.args(["check", "--chapter", &request.chapter]);
    for exercise in &request.exercises {
        command.args(["--exercise", exercise]);
    }
    for check in &request.checks {
        command.args(["--check", check]);
    }
    if let Some(era) = request.era {
        command.args(["--era", era.name()]);
    }
    if let Some(first) = &request.first {
        command.args(["--first", first]);
    }
    if request.skip_slow {
        command.arg("--skip-slow");
    }
    if request.wire {
        command.arg("--wire");
    }
    if let Some((folder, target)) = &subject.krate {
        command.arg("--crate").arg(folder);
        command.arg("--target").arg(target);
    }
    if let Some(tests) = &subject.tests {
        command.arg("--tests").arg(tests);
    }
    if let Some(cwd) = &subject.cwd {
        command.arg("--cwd").arg(cwd);
    }
    for (name, value) in &subject.env {
        command.arg("--env").arg(format!("{name}={value}"));
    }
    command.arg("--").arg(&subject.command).args(&subject.args);
    command
}

/// What was read of the checker's output so far.
#[derive(Default)]
struct Stream {
    plan: Vec<CheckInfo>,
    results: Vec<CheckResult>,
    done: bool,
    /// Lines that are no events: the checker's own trouble.
    words: Heard,
}

impl Stream {
    fn line(&mut self, line: Line, sink: &mut dyn FnMut(&Event)) {
        let event = match &line {
            Line::Out(text) => serde_json::from_str::<Event>(text).ok(),
            Line::Err(_) => None,
        };
        match event {
            Some(event) => {
                sink(&event);
                match event {
                    Event::Plan { checks } => self.plan = checks,
                    Event::Finished(result) => self.results.push(result),
                    Event::Working => {}
                    Event::Done => self.done = true,
                }
            }
            None => {
                let (Line::Out(text) | Line::Err(text)) = line;
                self.words.push(text);
            }
        }
    }

    /// What there was until the stream broke off.
    fn heard(&self) -> String {
        let mut text = format!(
            " {} of {} checks had ended.",
            self.results.len(),
            self.plan.len()
        );
        for word in self.words.last(20) {
            text.push_str("\n  ");
            text.push_str(word);
        }
        text
    }

    fn findings(mut self) -> Result<Findings, Halt> {
        if self.plan.is_empty() {
            return Err(Halt::Fault(anyhow!(
                "the checker has no check for what was asked; this is a mistake in the workbook"
            )));
        }
        let place =
            |result: &CheckResult| self.plan.iter().position(|info| info.check == result.check);
        self.results.sort_by_key(place);
        if self.results.len() < self.plan.len() {
            return Err(Halt::Fault(anyhow!(
                "the checker left checks without a result.{}",
                self.heard()
            )));
        }
        Ok(Findings {
            plan: self.plan,
            results: self.results,
        })
    }
}

#[cfg(all(test, unix))]
mod tests;
