//! Proves the checks of a chapter: that they accept the solution, refuse the starter, can be passed one
//! by one, and catch wrong answers.

use std::collections::BTreeSet;
use std::path::Path;

use verdict::{CheckInfo, CheckResult, Failure, Outcome};

use crate::cancel::{Cancel, Halt};
use crate::cargo::{self, Plan};
use crate::caught::Caught;
use crate::checker::{self, Findings, Request, Subject};
use crate::manifest::{Chapter, Exercise};
use crate::near_misses::{Edit, Files, NearMisses, edited};
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::scratch::{Scratch, solution, variant};
use crate::sources::Sources;

/// What came out for one chapter.
#[derive(Debug, Default)]
pub struct Proofs {
    /// How many statements were tried.
    pub tried: usize,
    /// Those that do not hold, each with what to do.
    pub broken: Vec<String>,
    /// The message of each wrong answer that was caught.
    pub caught: Caught,
}

/// The tools of one run.
struct Prover<'a> {
    workbook: &'a Workbook,
    chapter: &'a Chapter,
    scratch: Scratch,
    checker: &'a Path,
    cancel: &'a Cancel,
    proofs: Proofs,
    on_step: &'a mut dyn FnMut(&str, bool),
}

/// Proves one chapter. Every statement tried is told to `on_step`, with whether it holds.
///
/// # Errors
/// Cancelled, or the workbook is at fault: its files cannot be read, its checker cannot run.
pub fn prove(
    workbook: &Workbook,
    chapter: &Chapter,
    checker: &Path,
    cancel: &Cancel,
    on_step: &mut dyn FnMut(&str, bool),
) -> Result<Proofs, Halt> {
    let sources = Sources::read(&workbook.root, chapter)?;
    let edits = NearMisses::load(&workbook.root, chapter)?;
    let mut prover = Prover {
        workbook,
        chapter,
        scratch: Scratch::new(workbook, chapter)?,
        checker,
        cancel,
        proofs: Proofs::default(),
        on_step,
    };
    let plan = prover.solution_passes(&sources)?;
    prover.starter_fails(&sources)?;
    // Where exercises build on one another, none can be solved alone.
    if chapter.id != "ch08" {
        for exercise in &chapter.exercises {
            prover.exercise_stands_alone(&sources, exercise)?;
        }
    }
    let right = solution(&sources);
    prover.near_misses_are_caught(&right, &edits, &plan)?;
    prover.others_are_accepted(&right, &edits)?;
    Ok(prover.proofs)
}

impl Prover<'_> {
    /// Proof 1.
    fn solution_passes(&mut self, sources: &Sources) -> Result<Vec<CheckInfo>, Halt> {
        let name = "the solution passes every check";
        let files = variant(sources, |_| Fill::Solved);
        let Some(findings) = self.findings(name, &files, Warnings::Refused, &[], &[])? else {
            return Ok(Vec::new());
        };
        let failed: Vec<String> = findings.results.iter().filter_map(failed).collect();
        self.step(
            name,
            if failed.is_empty() {
                Ok(())
            } else {
                Err(failed.join("\n"))
            },
        );
        Ok(findings.plan)
    }

    /// Proof 2.
    fn starter_fails(&mut self, sources: &Sources) -> Result<(), Halt> {
        let name = "on the starter every exercise fails a check";
        let files = variant(sources, |_| Fill::Starter);
        let Some(findings) = self.findings(name, &files, Warnings::Refused, &[], &[])? else {
            return Ok(());
        };
        for exercise in &self.chapter.exercises {
            let name = format!("the starter of {} fails", exercise.id);
            let mut own = findings
                .results
                .iter()
                .filter(|result| result.exercise == exercise.id);
            match own.find_map(|result| failure(result).map(|failure| (result, failure))) {
                Some((result, failure)) => {
                    let about = format!("starter of {}, {}", exercise.id, result.check);
                    self.proofs.caught.add(self.workbook, &about, failure);
                    self.step(&name, Ok(()));
                }
                None => self.step(
                    &name,
                    Err("every check passes, so nothing is left to do".into()),
                ),
            }
        }
        Ok(())
    }

    /// Proof 3.
    fn exercise_stands_alone(
        &mut self,
        sources: &Sources,
        exercise: &Exercise,
    ) -> Result<(), Halt> {
        let name = format!("{} alone passes, and no other", exercise.id);
        let files = variant(sources, |region| match region.exercise == exercise.id {
            true => Fill::Solved,
            false => Fill::Starter,
        });
        let Some(findings) = self.findings(&name, &files, Warnings::Refused, &[], &[])? else {
            return Ok(());
        };
        let mut problems = Vec::new();
        for other in &self.chapter.exercises {
            let own: Vec<&CheckResult> = findings
                .results
                .iter()
                .filter(|result| result.exercise == other.id)
                .collect();
            let failures: Vec<String> = own.iter().filter_map(|result| failed(result)).collect();
            if other.id == exercise.id {
                problems.extend(failures);
            } else if failures.is_empty() {
                problems.push(format!("{} passes too, though nobody solved it", other.id));
            }
        }
        self.step(
            &name,
            if problems.is_empty() {
                Ok(())
            } else {
                Err(problems.join("\n"))
            },
        );
        Ok(())
    }

    /// Proof 4, the wrong answers.
    fn near_misses_are_caught(
        &mut self,
        right: &Files,
        edits: &NearMisses,
        plan: &[CheckInfo],
    ) -> Result<(), Halt> {
        let mut without: BTreeSet<&str> = plan.iter().map(|info| info.check.as_str()).collect();
        for miss in &edits.wrong {
            without.remove(miss.check.as_str());
            let name = format!("{} catches: {}", miss.check, miss.name);
            if plan.iter().all(|info| info.check != miss.check) {
                self.step(&name, Err("there is no check of this name".into()));
                continue;
            }
            let Some(files) = self.edited(&name, right, &miss.edits) else {
                continue;
            };
            let checks = [miss.check.clone()];
            let Some(findings) = self.findings(&name, &files, Warnings::Allowed, &[], &checks)?
            else {
                continue;
            };
            match findings.results.iter().find_map(failure) {
                Some(failure) => {
                    let about = format!("{}, {}", miss.check, miss.name);
                    self.proofs.caught.add(self.workbook, &about, failure);
                    self.step(&name, Ok(()));
                }
                None => self.step(&name, Err("the check accepts this wrong answer".into())),
            }
        }
        for check in without {
            self.step(
                &format!("{check} catches something"),
                Err("no near-miss proves this check; add one".into()),
            );
        }
        Ok(())
    }

    /// Proof 4, right answers that look different.
    fn others_are_accepted(&mut self, right: &Files, edits: &NearMisses) -> Result<(), Halt> {
        for other in &edits.tolerated {
            let name = format!("{} accepts: {}", other.exercise, other.name);
            let Some(files) = self.edited(&name, right, &other.edits) else {
                continue;
            };
            let exercises = [other.exercise.clone()];
            let Some(findings) =
                self.findings(&name, &files, Warnings::Allowed, &exercises, &[])?
            else {
                continue;
            };
            let failed: Vec<String> = findings.results.iter().filter_map(failed).collect();
            self.step(
                &name,
                if failed.is_empty() {
                    Ok(())
                } else {
                    Err(failed.join("\n"))
                },
            );
        }
        Ok(())
    }

    /// Builds the files and runs checks on them; none if they do not build, which is told as a step.
    fn findings(
        &mut self,
        name: &str,
        files: &Files,
        warnings: Warnings,
        exercises: &[String],
        checks: &[String],
    ) -> Result<Option<Findings>, Halt> {
        self.scratch.hold(files)?;
        let plan = Plan::folder(self.workbook, &self.scratch.folder.join("Cargo.toml"));
        let build = cargo::build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        let said: Vec<&str> = build
            .diagnostics
            .iter()
            .map(|said| said.rendered.as_str())
            .collect();
        let Some(program) = build.executable(None) else {
            let refused = match &build.outcome {
                cargo::Outcome::Refused(words) => words.clone(),
                _ => said.join("\n"),
            };
            self.step(name, Err(format!("it does not compile:\n{refused}")));
            return Ok(None);
        };
        if warnings == Warnings::Refused && !said.is_empty() {
            self.step(
                name,
                Err(format!("it compiles with warnings:\n{}", said.join("\n"))),
            );
            return Ok(None);
        }
        let subject = Subject {
            command: program.into(),
            krate: Some((self.scratch.folder.clone(), self.workbook.build_target())),
            ..Subject::default()
        };
        let request = Request {
            chapter: self.chapter.id.clone(),
            exercises: exercises.to_vec(),
            checks: checks.to_vec(),
            ..Request::default()
        };
        checker::run(self.checker, &request, &subject, self.cancel, &mut |_| {}).map(Some)
    }

    fn edited(&mut self, name: &str, right: &Files, edits: &[Edit]) -> Option<Files> {
        match edited(right, edits) {
            Ok(files) => Some(files),
            Err(problem) => {
                self.step(
                    name,
                    Err(format!(
                        "the edit does not fit the solution any more: {problem:#}"
                    )),
                );
                None
            }
        }
    }

    fn step(&mut self, name: &str, held: Result<(), String>) {
        self.proofs.tried += 1;
        (self.on_step)(name, held.is_ok());
        if let Err(problem) = held {
            self.proofs.broken.push(format!("{name}\n{problem}"));
        }
    }
}

/// Whether the compiler may complain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Warnings {
    Refused,
    Allowed,
}

fn failure(result: &CheckResult) -> Option<&Failure> {
    match &result.outcome {
        Outcome::Fail { failure } => Some(failure),
        _ => None,
    }
}

/// A line for a check that should have passed and did not.
fn failed(result: &CheckResult) -> Option<String> {
    let why = match &result.outcome {
        Outcome::Pass => return None,
        Outcome::Fail { failure } => format!(
            "{}\n  expected  {}\n  got       {}\n  {}",
            failure.what,
            failure.expected,
            failure.got,
            failure.notes.join("\n  ")
        ),
        Outcome::LeftOut { reason } => format!("left out: {reason}"),
        Outcome::Fault { message } => format!("the checker is at fault: {message}"),
    };
    Some(format!("{} {}: {why}", result.exercise, result.check))
}
