//! Proves the checks of a chapter: that they accept the solution, refuse the starter, can be passed one
//! by one, and catch wrong answers.

mod together;
mod trials;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;

use verdict::{CheckInfo, CheckResult, Failure, Outcome};

use crate::cancel::{Cancel, Halt};
use crate::caught::{Caught, Kept};
use crate::checker::Findings;
use crate::manifest::{Chapter, Exercise};
use crate::near_misses::{Edit, Files, NearMiss, NearMisses, Tolerated, edited};
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::scratch::{PLACES, Scratch, solution, variant};
use crate::sources::Sources;

use self::together::{Answer, Kind};
use self::trials::{Bench, Statement, Step, Warnings};

/// What came out for one chapter.
#[derive(Debug, Default)]
pub struct Proofs {
    /// How many statements were tried.
    pub tried: usize,
    /// How many near-misses and tolerated answers there are.
    pub answers: usize,
    /// How many of these were tried alone, not in one crate with answers to other exercises.
    pub alone: usize,
    /// Those that do not hold, each with what to do.
    pub broken: Vec<String>,
    /// The message of each wrong answer that was caught.
    pub caught: Caught,
}

/// Proves one chapter. Every statement tried is told to `on_step`, with whether it holds. With the messages that
/// were `kept` so far, answers to several exercises are tried in one crate; without, each is tried alone.
///
/// # Errors
/// Cancelled, or the workbook is at fault: its files cannot be read, its checker cannot run.
pub fn prove(
    workbook: &Workbook,
    chapter: &Chapter,
    checker: &Path,
    kept: Option<&Kept>,
    cancel: &Cancel,
    on_step: &mut dyn FnMut(&str, bool),
) -> Result<Proofs, Halt> {
    let sources = Sources::read(&workbook.root, chapter)?;
    let edits = NearMisses::load(&workbook.root, chapter)?;
    let right = solution(&sources);
    let scratches = (0..PLACES).map(|place| Scratch::new(workbook, chapter, place));
    let bench = Bench {
        workbook,
        chapter,
        checker,
        cancel,
        scratches: scratches.collect::<anyhow::Result<_>>()?,
        right: &right,
        kept,
        alone: AtomicUsize::new(0),
    };
    let mut proofs = Proofs::default();
    let mut tell = |step: Step| {
        proofs.tried += 1;
        on_step(&step.name, step.held.is_ok());
        if let Err(problem) = step.held {
            proofs.broken.push(format!("{}\n{problem}", step.name));
        }
        if let Some((about, failure)) = step.caught {
            proofs.caught.add(workbook, &about, &failure);
        }
    };
    let plan = OnceLock::new();
    bench.try_all(&[solution_passes(&sources, &plan)], &mut tell)?;
    let plan = plan.into_inner().unwrap_or_default();
    let mut statements = vec![starter_fails(&sources, chapter)];
    let alone = |exercise| stands_alone(&sources, chapter, exercise);
    statements.extend(chapter.independent().iter().map(alone));
    let mut unproven: BTreeSet<&str> = plan.iter().map(|info| info.check.as_str()).collect();
    for miss in &edits.wrong {
        unproven.remove(miss.check.as_str());
        statements.push(is_caught(&right, miss, &plan));
    }
    statements.extend(
        edits
            .tolerated
            .iter()
            .map(|other| is_accepted(&right, other)),
    );
    bench.try_all(&statements, &mut tell)?;
    let answers = edits.wrong.len() + edits.tolerated.len();
    for check in unproven {
        let name = format!("{check} catches something");
        tell(Step::broken(
            name,
            "no near-miss proves this check; add one",
        ));
    }
    Ok(Proofs {
        answers,
        alone: bench.alone.into_inner(),
        ..proofs
    })
}

/// Proof 1. Leaves the plan of all checks in `plan`.
fn solution_passes<'a>(sources: &Sources, plan: &'a OnceLock<Vec<CheckInfo>>) -> Statement<'a> {
    let name = "the solution passes every check";
    let judge = move |findings: &Findings| {
        plan.get_or_init(|| findings.plan.clone());
        vec![Step::of(name, &failures(&findings.results))]
    };
    whole(name, variant(sources, |_| Fill::Solved), judge)
}

/// Proof 2.
fn starter_fails<'a>(sources: &Sources, chapter: &'a Chapter) -> Statement<'a> {
    let judge = |findings: &Findings| {
        let steps = chapter.exercises.iter().map(|exercise| {
            let name = format!("the starter of {} fails", exercise.id);
            let mut own = of_exercise(findings, exercise);
            match own.find_map(|result| failure(result).map(|failure| (result, failure))) {
                Some((result, failure)) => {
                    let about = format!("starter of {}, {}", exercise.id, result.check);
                    Step {
                        caught: Some((about, failure.clone())),
                        ..Step::of(name, &[])
                    }
                }
                None => Step::broken(name, "every check passes, so nothing is left to do"),
            }
        });
        steps.collect()
    };
    let name = "on the starter every exercise fails a check";
    whole(name, variant(sources, |_| Fill::Starter), judge)
}

/// Proof 3, for exercises that do not build on one another.
fn stands_alone<'a>(
    sources: &Sources,
    chapter: &'a Chapter,
    exercise: &'a Exercise,
) -> Statement<'a> {
    let name = format!("{} alone passes, and no other", exercise.id);
    let files = variant(sources, |region| match region.exercise == exercise.id {
        true => Fill::Solved,
        false => Fill::Starter,
    });
    let said = name.clone();
    let judge = move |findings: &Findings| {
        let mut problems = Vec::new();
        for other in &chapter.exercises {
            let failures = failures(of_exercise(findings, other));
            if other.id == exercise.id {
                problems.extend(failures);
            } else if failures.is_empty() {
                problems.push(format!("{} passes too, though nobody solved it", other.id));
            }
        }
        vec![Step::of(&said, &problems)]
    };
    whole(name, files, judge)
}

/// Proof 4, a wrong answer.
fn is_caught<'a>(right: &Files, miss: &'a NearMiss, plan: &'a [CheckInfo]) -> Statement<'a> {
    let name = format!("{} catches: {}", miss.check, miss.name);
    let check = plan.iter().find(|info| info.check == miss.check);
    let said = name.clone();
    let judge = move |findings: &Findings| {
        let caught = findings.results.iter().find_map(failure);
        vec![match caught {
            Some(failure) => Step {
                caught: Some((format!("{}, {}", miss.check, miss.name), failure.clone())),
                ..Step::of(&said, &[])
            },
            None => Step::broken(&said, "the check accepts this wrong answer"),
        }]
    };
    let (files, answer) = match check {
        Some(check) => changed(right, Kind::Wrong, &check.exercise, &miss.edits),
        None => (Err("there is no check of this name".into()), None),
    };
    Statement {
        name,
        files,
        warnings: Warnings::Allowed,
        exercises: Vec::new(),
        checks: vec![miss.check.clone()],
        judge: Box::new(judge),
        answer,
    }
}

/// Proof 4, a right answer that looks different.
fn is_accepted<'a>(right: &Files, other: &'a Tolerated) -> Statement<'a> {
    let name = format!("{} accepts: {}", other.exercise, other.name);
    let said = name.clone();
    let (files, answer) = changed(right, Kind::Tolerated, &other.exercise, &other.edits);
    Statement {
        name,
        files,
        warnings: Warnings::Allowed,
        exercises: vec![other.exercise.clone()],
        checks: Vec::new(),
        judge: Box::new(move |findings| vec![Step::of(&said, &failures(&findings.results))]),
        answer,
    }
}

/// A variant that is checked in full, and compiles without warnings: one that a learner may have.
fn whole<'a>(
    name: impl Into<String>,
    files: Files,
    judge: impl Fn(&Findings) -> Vec<Step> + Sync + 'a,
) -> Statement<'a> {
    Statement {
        name: name.into(),
        files: Ok(files),
        warnings: Warnings::Refused,
        exercises: Vec::new(),
        checks: Vec::new(),
        judge: Box::new(judge),
        answer: None,
    }
}

/// The solution with edits made, and the edits where they may be made together with others.
fn changed<'a>(
    right: &Files,
    kind: Kind,
    exercise: &'a str,
    edits: &'a [Edit],
) -> (Result<Files, String>, Option<Answer<'a>>) {
    match edited(right, edits) {
        Ok(files) => (Ok(files), Answer::new(kind, exercise, right, edits)),
        Err(problem) => (
            Err(format!(
                "the edit does not fit the solution any more: {problem:#}"
            )),
            None,
        ),
    }
}

/// The results of one exercise.
fn of_exercise<'a>(
    findings: &'a Findings,
    exercise: &'a Exercise,
) -> impl Iterator<Item = &'a CheckResult> {
    let results = findings.results.iter();
    results.filter(|result| result.exercise == exercise.id)
}

fn failure(result: &CheckResult) -> Option<&Failure> {
    match &result.outcome {
        Outcome::Fail { failure } => Some(failure),
        _ => None,
    }
}

/// A line for each check that should have passed and did not.
fn failures<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> Vec<String> {
    results.into_iter().filter_map(failed).collect()
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

#[cfg(test)]
mod tests;
