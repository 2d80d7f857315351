//! The five usual faults of a specification, and what keeps a program from reading it.

mod reading;
mod shape;
mod usual;

use std::fmt;

use super::Specification;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A parameter that two readers take for two things.
    VagueParameter,
    /// A value without a smallest and a largest, or a limit without a number.
    MissingLimit,
    /// An outcome that two readers see differently.
    AmbiguousOutcome,
    /// Nothing says what is refused.
    NoErrorCase,
    /// Nothing says what the server will not do.
    NoNonGoals,
    /// A program cannot read it.
    Shape,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::VagueParameter => "vague parameter",
            Self::MissingLimit => "missing limit",
            Self::AmbiguousOutcome => "ambiguous outcome",
            Self::NoErrorCase => "no error case",
            Self::NoNonGoals => "no non-goals",
            Self::Shape => "shape",
        })
    }
}

/// One fault: where it is, what it is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The kind.
    pub fault: Fault,
    /// What is wrong, as part of a sentence.
    pub what: String,
    /// What to do about it.
    pub cure: String,
}

/// Everything that is wrong with a specification, in the order of its lines.
pub fn faults(specification: &Specification) -> Vec<Finding> {
    let mut found = Findings::default();
    found.shape(specification);
    for operation in &specification.operations {
        let parameters = operation.parameters.as_deref().unwrap_or_default();
        for parameter in parameters {
            let of = format!("`{}` of `{}`", parameter.name, operation.name);
            found.vague(parameter, parameters, &of);
            found.limits_of(parameter, &of);
        }
    }
    found.limits(specification);
    for criterion in &specification.criteria {
        for clause in [&criterion.then, &criterion.refused].into_iter().flatten() {
            found.outcome(clause, &criterion.id);
        }
    }
    found.error_cases(specification);
    found.non_goals(specification);
    found.0.sort();
    found.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, line: usize, fault: Fault, what: impl Into<String>, cure: &str) {
        self.0.push(Finding {
            line,
            fault,
            what: what.into(),
            cure: cure.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
