//! Statements tried side by side: one crate is built while the servers of others are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use verdict::{Event, Failure};

use crate::cancel::{Cancel, Halt};
use crate::cargo::{self, Plan};
use crate::caught::Kept;
use crate::checker::{self, Findings, Request, Subject};
use crate::manifest::Chapter;
use crate::near_misses::Files;
use crate::paths::Workbook;
use crate::scratch::Scratch;

use super::together::{Answer, batches, merged, settle};

/// What findings come to.
pub(super) type Judge<'a> = Box<dyn Fn(&Findings) -> Vec<Step> + Sync + 'a>;

/// A variant of the chapter, and what must come out when it is checked.
pub(super) struct Statement<'a> {
    /// What is said of it.
    pub(super) name: String,
    /// The variant, or why there is none.
    pub(super) files: Result<Files, String>,
    /// Whether the compiler may complain.
    pub(super) warnings: Warnings,
    /// What is checked; all of it where both are empty.
    pub(super) exercises: Vec<String>,
    /// Checks by name.
    pub(super) checks: Vec<String>,
    /// What the findings say.
    pub(super) judge: Judge<'a>,
    /// The edits, where it may be tried together with others.
    pub(super) answer: Option<Answer<'a>>,
}

impl Statement<'_> {
    /// What a crate with other answers in it shows of this one: only what it would have shown alone.
    pub(super) fn settled(
        &self,
        findings: &Findings,
        is_kept: &dyn Fn(&str, &Failure) -> bool,
    ) -> Option<Vec<Step>> {
        let own = |check: &str, exercise: &str| {
            self.checks.iter().any(|own| own == check)
                || self.exercises.iter().any(|own| own == exercise)
        };
        let mut findings = findings.clone();
        findings
            .plan
            .retain(|info| own(&info.check, &info.exercise));
        findings
            .results
            .retain(|result| own(&result.check, &result.exercise));
        let steps = (self.judge)(&findings);
        let holds = |step: &Step| {
            let caught = step.caught.as_ref();
            step.held.is_ok() && caught.is_none_or(|(about, failure)| is_kept(about, failure))
        };
        (!findings.results.is_empty() && steps.iter().all(holds)).then_some(steps)
    }
}

/// Whether the compiler may complain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Warnings {
    Refused,
    Allowed,
}

/// A statement that was tried.
pub(super) struct Step {
    /// What was said.
    pub(super) name: String,
    /// Whether it holds, or why not.
    pub(super) held: Result<(), String>,
    /// The message of a wrong answer that was caught, and whose it is.
    pub(super) caught: Option<(String, Failure)>,
}

impl Step {
    /// One that holds where there are no problems.
    pub(super) fn of(name: impl Into<String>, problems: &[String]) -> Self {
        Self {
            name: name.into(),
            held: match problems {
                [] => Ok(()),
                _ => Err(problems.join("\n")),
            },
            caught: None,
        }
    }

    /// One that does not hold.
    pub(super) fn broken(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::of(name, &[problem.into()])
    }
}

/// Where statements are tried.
pub(super) struct Bench<'a> {
    pub(super) workbook: &'a Workbook,
    pub(super) chapter: &'a Chapter,
    /// The checker's program.
    pub(super) checker: &'a Path,
    pub(super) cancel: &'a Cancel,
    /// One crate for each statement, or batch of them, that is tried at a time.
    pub(super) scratches: Vec<Scratch>,
    /// The untouched solution.
    pub(super) right: &'a Files,
    /// The messages that wrong answers had so far; without them every statement is tried alone.
    pub(super) kept: Option<&'a Kept>,
    /// How many answers were tried alone.
    pub(super) alone: AtomicUsize,
}

impl Bench<'_> {
    /// Tries all statements. What comes out is told in their order.
    ///
    /// # Errors
    /// Cancelled, or the workbook is at fault: the first of them ends it.
    pub(super) fn try_all(
        &self,
        statements: &[Statement<'_>],
        tell: &mut dyn FnMut(Step),
    ) -> Result<(), Halt> {
        let answers: Vec<_> = statements.iter().map(|one| one.answer.as_ref()).collect();
        let batches = match self.kept {
            Some(_) => batches(&answers),
            None => (0..statements.len()).map(|place| vec![place]).collect(),
        };
        let next = AtomicUsize::new(0);
        let (sender, tried) = mpsc::channel();
        thread::scope(|scope| {
            for scratch in &self.scratches {
                let (sender, next, batches) = (sender.clone(), &next, &batches);
                scope.spawn(move || {
                    while let Some(batch) = batches.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let steps = self.try_batch(scratch, statements, batch.clone());
                        if steps.is_err() {
                            // Nothing more is begun.
                            next.store(batches.len(), Ordering::SeqCst);
                        }
                        if sender.send(steps).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let (mut early, mut due) = (BTreeMap::new(), 0);
            for steps in tried {
                early.extend(steps?);
                while let Some(steps) = early.remove(&due) {
                    steps.into_iter().for_each(&mut *tell);
                    due += 1;
                }
            }
            Ok(())
        })
    }

    /// Tries a batch. What comes out has the place of its statement.
    fn try_batch(
        &self,
        scratch: &Scratch,
        statements: &[Statement<'_>],
        batch: Vec<usize>,
    ) -> Result<Vec<(usize, Vec<Step>)>, Halt> {
        settle(
            batch,
            |members| {
                let members: Vec<_> = members.iter().map(|place| &statements[*place]).collect();
                self.try_together(scratch, &members)
            },
            |place| self.try_one(scratch, &statements[place]),
        )
    }

    /// Tries several statements in one crate, with nothing for those that it does not settle.
    fn try_together(
        &self,
        scratch: &Scratch,
        members: &[&Statement<'_>],
    ) -> Result<Vec<Option<Vec<Step>>>, Halt> {
        let answers: Vec<_> = members
            .iter()
            .filter_map(|one| one.answer.as_ref())
            .collect();
        let exercises: BTreeSet<_> = members.iter().flat_map(|one| &one.exercises).collect();
        let checks: BTreeSet<_> = members.iter().flat_map(|one| &one.checks).collect();
        let request = self.request(
            exercises.into_iter().cloned().collect(),
            checks.into_iter().cloned().collect(),
        );
        let files = merged(self.right, &answers);
        let findings = match self.check(scratch, &files, Warnings::Allowed, request) {
            Ok(Ok(findings)) => findings,
            Err(Halt::Cancelled) => return Err(Halt::Cancelled),
            // What is the matter, each tells alone.
            Ok(Err(_)) | Err(Halt::Fault(_)) => return Ok(members.iter().map(|_| None).collect()),
        };
        let is_kept = |about: &str, failure: &Failure| {
            let has = |kept: &Kept| kept.has(self.workbook, about, failure);
            self.kept.is_some_and(has)
        };
        let settled = members.iter().map(|one| one.settled(&findings, &is_kept));
        Ok(settled.collect())
    }

    /// Tries one statement in a crate of its own.
    fn try_one(&self, scratch: &Scratch, statement: &Statement<'_>) -> Result<Vec<Step>, Halt> {
        if statement.answer.is_some() {
            self.alone.fetch_add(1, Ordering::SeqCst);
        }
        let broken = |problem| Ok(vec![Step::broken(&statement.name, problem)]);
        let files = match &statement.files {
            Ok(files) => files,
            Err(problem) => return broken(problem.clone()),
        };
        let request = self.request(statement.exercises.clone(), statement.checks.clone());
        match self.check(scratch, files, statement.warnings, request)? {
            Ok(findings) => Ok((statement.judge)(&findings)),
            Err(problem) => broken(problem),
        }
    }

    fn request(&self, exercises: Vec<String>, checks: Vec<String>) -> Request {
        Request {
            chapter: self.chapter.id.clone(),
            exercises,
            checks,
            ..Request::default()
        }
    }

    /// Builds the crate with these files and runs the checks on it; or says why there is nothing to check.
    fn check(
        &self,
        scratch: &Scratch,
        files: &Files,
        warnings: Warnings,
        request: Request,
    ) -> Result<Result<Findings, String>, Halt> {
        scratch.hold(files)?;
        let plan = Plan {
            tests: self.chapter.tests.clone(),
            ..Plan::folder(self.workbook, &scratch.folder.join("Cargo.toml"))
        };
        let build = cargo::build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        let said = build.diagnostics.iter().map(|said| said.rendered.as_str());
        let said = said.collect::<Vec<_>>().join("\n");
        let Some(program) = build.executable(None) else {
            let refused = match &build.outcome {
                cargo::Outcome::Refused(words) => words,
                _ => &said,
            };
            return Ok(Err(format!("it does not compile:\n{refused}")));
        };
        if warnings == Warnings::Refused && !said.is_empty() {
            return Ok(Err(format!("it compiles with warnings:\n{said}")));
        }
        let subject = Subject {
            command: program.into(),
            krate: Some((scratch.folder.clone(), self.workbook.build_target())),
            tests: build.tests.clone(),
            ..Subject::default()
        };
        let sink = &mut |_: &Event| {};
        checker::run(self.checker, &request, &subject, self.cancel, sink).map(Ok)
    }
}
