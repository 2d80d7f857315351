//! The five usual faults of a specification, and what keeps a program from reading it.

use std::fmt;

use super::parse::{NAMES, names, prose};
use super::words::*;
use super::{Clause, Criterion, Parameter, Specification};

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

    fn shape(&mut self, specification: &Specification) {
        let mut add = |line, what: String, cure: &str| self.add(line, Fault::Shape, what, cure);
        if specification.title.is_none() {
            add(
                1,
                "there is no title".to_owned(),
                "begin with `# ` and what the server is for",
            );
        }
        if specification.operations.is_empty() {
            let cure = "add `## Tools`, and below it a heading such as ### `search_tasks` for each";
            add(1, "there is no tool and no prompt".to_owned(), cure);
        }
        for operation in &specification.operations {
            if operation.parameters.is_none() {
                let what = format!("`{}` does not say what it takes", operation.name);
                let cure = "add a table with the columns argument, type, limits, without it, what it is; \
                    or the sentence: No arguments.";
                add(operation.line, what, cure);
            }
        }
        if specification.criteria.is_empty() {
            add(
                1,
                "there is no criterion".to_owned(),
                "add one, headed `## AC-01 Title`",
            );
        }
        if specification.change_log.is_none_or(|log| log.entries == 0) {
            let line = specification.change_log.map_or(1, |log| log.line);
            add(
                line,
                "there is no change log".to_owned(),
                "end with `## Change log` and a table: version, date, what",
            );
        }
        for (number, criterion) in (1..).zip(&specification.criteria) {
            self.criterion(number, criterion);
        }
    }

    fn criterion(&mut self, number: usize, criterion: &Criterion) {
        let id = &criterion.id;
        let mut add = |line, what: String, cure: String| self.add(line, Fault::Shape, what, &cure);
        let due = format!("AC-{number:02}");
        if *id != due {
            add(
                criterion.line,
                format!("`{id}` stands where `{due}` is due"),
                "number the criteria in their order, with two digits".to_owned(),
            );
        }
        let fields = [
            &criterion.level,
            &criterion.exercise,
            &criterion.covers,
            &criterion.check,
            &criterion.given,
            &criterion.when,
            &criterion.then,
        ];
        for (name, field) in NAMES.into_iter().zip(fields) {
            if field.as_ref().is_none_or(|clause| clause.text.is_empty()) {
                add(
                    criterion.line,
                    format!("{id} has no {name}"),
                    format!("add the line `- **{name}** …`"),
                );
            }
        }
        if let Some(level) = &criterion.level
            && !["must", "should"].contains(&level.text.as_str())
        {
            let what = format!("{id} has the level \"{}\"", level.text);
            add(
                level.line,
                what,
                "write must, if a server that differs is wrong, else should".to_owned(),
            );
        }
        if let Some(check) = &criterion.check {
            let begin = format!("{}-", id.to_lowercase());
            let letters =
                |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
            if !check.text.starts_with(&begin) || !check.text.chars().all(letters) {
                let what = format!("the check of {id} is called \"{}\"", check.text);
                add(
                    check.line,
                    what,
                    format!("begin its name with `{begin}`, small letters, digits and hyphens"),
                );
            }
        }
    }

    fn vague(&mut self, parameter: &Parameter, all: &[Parameter], of: &str) {
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

    fn limits_of(&mut self, parameter: &Parameter, of: &str) {
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

    fn limits(&mut self, specification: &Specification) {
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

    fn outcome(&mut self, clause: &Clause, id: &str) {
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

    fn error_cases(&mut self, specification: &Specification) {
        for criterion in &specification.criteria {
            if criterion.is_must() && criterion.refused.is_none() {
                let what = format!("{} does not say what is refused", criterion.id);
                self.add(criterion.line, Fault::NoErrorCase, what, ADD_A_TWIN);
            }
        }
        for operation in &specification.operations {
            let mut refusals = specification
                .criteria
                .iter()
                .filter_map(|one| one.refused.as_ref());
            if !refusals.any(|refused| names(&refused.text, &operation.name)) {
                let what = format!("no criterion refuses a call of `{}`", operation.name);
                self.add(operation.line, Fault::NoErrorCase, what, REFUSE_ONCE);
            }
        }
    }

    fn non_goals(&mut self, specification: &Specification) {
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

/// What a type says about its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The type is not one that everybody reads in the same way.
    Unknown,
    /// So many values, each written down.
    OneOf(usize),
    /// Fields that have rows of their own.
    Object,
    /// Values with a size; whether it is the length of a text.
    Sized(bool),
    /// Values that need no limit.
    Plain,
}

fn kind(text: &str) -> Kind {
    if let Some(values) = text.strip_prefix("one of") {
        return Kind::OneOf(values.split('`').count() / 2);
    }
    if let Some(item) = text.strip_prefix("list of ") {
        let known = item.trim_end_matches('s');
        return match TYPES.contains(&known) || item.starts_with("one of") {
            true => Kind::Sized(known == "string"),
            false => Kind::Unknown,
        };
    }
    match text {
        "object" => Kind::Object,
        sized if SIZED.contains(&sized) => Kind::Sized(sized == "string"),
        plain if TYPES.contains(&plain) => Kind::Plain,
        _ => Kind::Unknown,
    }
}

/// How many numbers a text holds; `1,000` is one.
fn numbers(text: &str) -> usize {
    let words = text.split(|sign: char| !(sign.is_ascii_digit() || sign == ','));
    words
        .filter(|word| word.contains(|sign: char| sign.is_ascii_digit()))
        .count()
}

/// The first of `words` that stands in the prose of a text as a word of its own.
fn first_of<'a>(words: &[&'a str], text: &str) -> Option<&'a str> {
    let plain = prose(text).to_lowercase();
    let separate = |sign: char| !(sign.is_alphanumeric() || sign == '/' || sign == '-');
    let spaced: Vec<&str> = plain
        .split(separate)
        .filter(|word| !word.is_empty())
        .collect();
    let spaced = format!(" {} ", spaced.join(" "));
    words
        .iter()
        .find(|word| spaced.contains(&format!(" {word} ")))
        .copied()
}
