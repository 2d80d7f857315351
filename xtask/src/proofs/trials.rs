//! Statements tried side by side: one crate is built while the servers of others are checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use verdict::Failure;

use crate::cancel::{Cancel, Halt};
use crate::cargo::{self, Plan};
use crate::checker::{self, Findings, Request, Subject};
use crate::manifest::Chapter;
use crate::near_misses::Files;
use crate::paths::Workbook;
use crate::scratch::Scratch;

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
    /// One crate for each statement that is tried at a time.
    pub(super) scratches: Vec<Scratch>,
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
        let next = AtomicUsize::new(0);
        let (sender, tried) = mpsc::channel();
        thread::scope(|scope| {
            for scratch in &self.scratches {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    while let Some((at, statement)) = take(next, statements) {
                        let steps = self.try_one(scratch, statement);
                        if steps.is_err() {
                            // Nothing more is begun.
                            next.store(statements.len(), Ordering::SeqCst);
                        }
                        if sender.send((at, steps)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let (mut early, mut due) = (BTreeMap::new(), 0);
            for (at, steps) in tried {
                early.insert(at, steps?);
                while let Some(steps) = early.remove(&due) {
                    steps.into_iter().for_each(&mut *tell);
                    due += 1;
                }
            }
            Ok(())
        })
    }

    /// Builds the variant and runs the checks on it.
    fn try_one(&self, scratch: &Scratch, statement: &Statement<'_>) -> Result<Vec<Step>, Halt> {
        let broken = |problem: String| Ok(vec![Step::broken(&statement.name, problem)]);
        let files = match &statement.files {
            Ok(files) => files,
            Err(problem) => return broken(problem.clone()),
        };
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
            return broken(format!("it does not compile:\n{refused}"));
        };
        if statement.warnings == Warnings::Refused && !said.is_empty() {
            return broken(format!("it compiles with warnings:\n{said}"));
        }
        let subject = Subject {
            command: program.into(),
            krate: Some((scratch.folder.clone(), self.workbook.build_target())),
            tests: build.tests.clone(),
            ..Subject::default()
        };
        let request = Request {
            chapter: self.chapter.id.clone(),
            exercises: statement.exercises.clone(),
            checks: statement.checks.clone(),
            ..Request::default()
        };
        let findings = checker::run(self.checker, &request, &subject, self.cancel, &mut |_| {})?;
        Ok((statement.judge)(&findings))
    }
}

/// The next statement that nobody has begun, with its place.
fn take<'a, T>(next: &AtomicUsize, all: &'a [T]) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::SeqCst);
    all.get(at).map(|one| (at, one))
}
