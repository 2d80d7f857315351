//! From what the checker found to the verdict on an exercise.

use verdict::{CheckInfo, CheckResult, Event};

use crate::checker::Findings;
use crate::report::{CheckReport, ExerciseReport};
use crate::states::{Evidence, of_running};

/// An exercise of a server that runs, before its checks have ended.
#[derive(Debug, Clone)]
pub(super) struct Unjudged {
    /// What is known already.
    pub(super) report: ExerciseReport,
    /// All its regions equal their starter.
    pub(super) untouched: bool,
    /// The verdict before this one was about the same crate.
    pub(super) same_crate: bool,
}

impl Unjudged {
    /// The verdict on this exercise.
    pub(super) fn judged(self, findings: &Findings) -> ExerciseReport {
        let mut report = self.report;
        let result = |info: &CheckInfo| {
            let mut results = findings.results.iter();
            results.find(|result| result.check == info.check)
        };
        let checks: Vec<(&CheckInfo, &CheckResult)> = findings
            .plan
            .iter()
            .filter(|info| info.exercise == report.id)
            .filter_map(|info| Some((info, result(info)?)))
            .collect();
        report.state = of_running(&Evidence {
            checks: &checks,
            untouched: self.untouched,
            same_crate: report.last.as_ref().filter(|_| self.same_crate),
        });
        report.checks = checks
            .into_iter()
            .map(|(info, result)| CheckReport {
                says: info.says.clone(),
                slow: info.slow,
                result: result.clone(),
            })
            .collect();
        report
    }
}

/// The exercise that is to be judged as soon as its own checks have ended.
pub(super) struct Awaited {
    exercise: Unjudged,
    so_far: Findings,
}

impl Awaited {
    /// None if it is not among those that are checked.
    pub(super) fn of(first: Option<&str>, unjudged: &[Unjudged]) -> Option<Self> {
        let exercise = unjudged.iter().find(|one| Some(&*one.report.id) == first)?;
        Some(Self {
            exercise: exercise.clone(),
            so_far: Findings::default(),
        })
    }

    /// The verdict, with the event that makes it complete.
    pub(super) fn hear(&mut self, event: &Event) -> Option<ExerciseReport> {
        let own = |exercise: &String| *exercise == self.exercise.report.id;
        match event {
            Event::Plan { checks } => {
                let checks = checks.iter().filter(|info| own(&info.exercise));
                self.so_far.plan = checks.cloned().collect();
                None
            }
            Event::Finished(result) if own(&result.exercise) => {
                self.so_far.results.push(result.clone());
                let complete = self.so_far.results.len() == self.so_far.plan.len();
                complete.then(|| self.exercise.clone().judged(&self.so_far))
            }
            Event::Working | Event::Finished(_) | Event::Done => None,
        }
    }
}
