//! The five usual faults, one method each.

use super::reading::{Kind, first_of, kind, numbers};
use super::{Fault, Findings};
use crate::spec::parse::{names, prose};
use crate::spec::words::*;
use crate::spec::{Clause, Criterion, Operation, Parameter, Specification};

impl Findings {
    pub(super) fn vague(&mut self, parameter: &Parameter, all: &[Parameter], of: &str) {
        let mut add =
            |what: String, cure| self.add(parameter.line, Fault::VagueParameter, what, cure);
        match kind(&parameter.kind) {
            Kind::Unknown => add(
                format!("{of} has the type \"{}\"", parameter.kind),
                NAME_A_TYPE,
            ),
            Kind::OneOf(values) if values < 2 => {
                add(
                    format!("{of} is one of what is not listed"),
                    LIST_THE_VALUES,
                );
            }
            Kind::Object => {
                let inside = format!("{}.", parameter.name);
                if !all.iter().any(|other| other.name.starts_with(&inside)) {
                    add(
                        format!("{of} is an object of unknown fields"),
                        LIST_THE_FIELDS,
                    );
                }
            }
            _ => {}
        }
        if parameter.without.is_empty() {
            add(
                format!("{of} does not say what it means to leave it out"),
                SAY_WHAT_ABSENCE_MEANS,
            );
        }
        if parameter.meaning.is_empty() {
            add(format!("{of} does not say what it is"), SAY_WHAT_IT_IS);
        }
        let cells = [&parameter.limits, &parameter.without, &parameter.meaning];
        for cell in cells {
            if let Some(word) = first_of(&VAGUE, cell) {
                add(format!("{of} says \"{word}\""), SAY_WHICH);
            }
        }
    }

    pub(super) fn limits_of(&mut self, parameter: &Parameter, of: &str) {
        let Kind::Sized(text) = kind(&parameter.kind) else {
            return;
        };
        let limits = &parameter.limits;
        let exact = limits.contains("exactly") && numbers(limits) > 0;
        if numbers(limits) < 2 && !exact {
            self.add(
                parameter.line,
                Fault::MissingLimit,
                format!("{of} has no smallest and largest value"),
                GIVE_BOTH_ENDS,
            );
        } else if text && !UNITS.iter().any(|unit| limits.contains(unit)) {
            self.add(
                parameter.line,
                Fault::MissingLimit,
                format!("{of} has a length without a unit"),
                GIVE_A_UNIT,
            );
        }
    }

    pub(super) fn limits(&mut self, specification: &Specification) {
        let Some(limits) = specification
            .limits
            .as_ref()
            .filter(|rows| !rows.is_empty())
        else {
            self.add(
                1,
                Fault::MissingLimit,
                "there is no table of limits",
                ADD_LIMITS,
            );
            return;
        };
        for limit in limits {
            if numbers(&limit.limit) == 0 {
                let what = format!("\"{}\" has the limit \"{}\"", limit.what, limit.limit);
                self.add(limit.line, Fault::MissingLimit, what, GIVE_A_NUMBER);
            }
        }
    }

    pub(super) fn outcome(&mut self, clause: &Clause, id: &str) {
        let text = prose(&clause.text);
        let mut add =
            |what: String, cure| self.add(clause.line, Fault::AmbiguousOutcome, what, cure);
        if let Some(word) = first_of(&AMBIGUOUS, &clause.text) {
            add(format!("{id} says \"{word}\""), DROP_THE_WORD);
        }
        if first_of(&["or", "and/or"], &clause.text).is_some() {
            add(
                format!("{id} has two outcomes, with \"or\" between them"),
                ONE_OUTCOME,
            );
        }
        let seen = FORMS.iter().any(|form| clause.text.contains(form));
        if let (Some(word), false) = (first_of(&REFUSALS, &clause.text), seen) {
            add(
                format!("{id} says \"{word}\", and not how that looks"),
                NAME_THE_FORM,
            );
        } else if !clause.text.contains('`') && numbers(&text) == 0 && !seen {
            add(
                format!("{id} has an outcome that nobody outside can see"),
                SHOW_SOMETHING,
            );
        }
    }

    pub(super) fn error_cases(&mut self, specification: &Specification) {
        for criterion in &specification.criteria {
            if criterion.is_must() && criterion.refused.is_none() {
                let what = format!("{} does not say what is refused", criterion.id);
                self.add(criterion.line, Fault::NoErrorCase, what, ADD_A_TWIN);
            }
        }
        for operation in &specification.operations {
            let told = |criterion: &Criterion| {
                criterion.refused.is_none() && criterion.is_must() && mentions(criterion, operation)
            };
            let refuses = |criterion: &Criterion| {
                let refused = criterion.refused.as_ref();
                refused.is_some_and(|refused| names(&refused.text, &operation.name))
            };
            // A criterion without a refusal is told already; once that is cured, this may be, too.
            if !specification
                .criteria
                .iter()
                .any(|one| refuses(one) || told(one))
            {
                let what = format!("no criterion refuses a call of `{}`", operation.name);
                self.add(operation.line, Fault::NoErrorCase, what, REFUSE_ONCE);
            }
        }
    }

    pub(super) fn non_goals(&mut self, specification: &Specification) {
        match specification.non_goals {
            None => self.add(
                specification.lines.max(1),
                Fault::NoNonGoals,
                "nothing says what the server will not do",
                ADD_NON_GOALS,
            ),
            Some(section) if section.entries == 0 => {
                self.add(
                    section.line,
                    Fault::NoNonGoals,
                    "the section is empty",
                    ADD_NON_GOALS,
                );
            }
            Some(_) => {}
        }
    }
}

/// Whether a criterion is about an operation.
fn mentions(criterion: &Criterion, operation: &Operation) -> bool {
    let clauses = [&criterion.given, &criterion.when, &criterion.then];
    let mut clauses = clauses.into_iter().flatten();
    clauses.any(|clause| names(&clause.text, &operation.name))
}
