//! Specifications: what chapter 8 starts from. Reading one, finding faults in it, starting one.

pub mod compare;
pub mod lint;
pub mod parse;
pub mod skeleton;
mod words;

/// A specification, as far as it was understood. What is missing is empty; [`lint::faults`] says so.
#[derive(Debug, Clone, Default)]
pub struct Specification {
    /// The heading of the first level.
    pub title: Option<String>,
    /// Tools and prompts, in the order of the text.
    pub operations: Vec<Operation>,
    /// The rows of the section "Limits"; none if there is no such section.
    pub limits: Option<Vec<Limit>>,
    /// The acceptance criteria, in the order of the text.
    pub criteria: Vec<Criterion>,
    /// The section "Non-goals".
    pub non_goals: Option<Section>,
    /// The section "Change log".
    pub change_log: Option<Section>,
    /// How many lines the text has.
    pub lines: usize,
}

impl Specification {
    /// The criterion with this id, such as `AC-07`.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }
}

/// A tool or a prompt, and what it takes.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name, without the backticks.
    pub name: String,
    /// The line of its heading.
    pub line: usize,
    /// The rows of its table; none if there is neither a table nor the sentence "No arguments."
    pub parameters: Option<Vec<Parameter>>,
}

/// One argument of a tool or a prompt. All texts are cells of its table, as they are written.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name; fields of an object follow after dots.
    pub name: String,
    /// The line of its row.
    pub line: usize,
    /// Its type.
    pub kind: String,
    /// What values are allowed.
    pub limits: String,
    /// What it means to leave it out.
    pub without: String,
    /// What it is.
    pub meaning: String,
}

/// One row of the section "Limits".
#[derive(Debug, Clone)]
pub struct Limit {
    /// What is limited.
    pub what: String,
    /// The line of its row.
    pub line: usize,
    /// The limit.
    pub limit: String,
}

/// One acceptance criterion.
#[derive(Debug, Clone, Default)]
pub struct Criterion {
    /// Such as `AC-07`.
    pub id: String,
    /// What follows the id in the heading.
    pub title: String,
    /// The line of its heading.
    pub line: usize,
    /// `must` or `should`.
    pub level: Option<Clause>,
    /// The exercise that it belongs to.
    pub exercise: Option<Clause>,
    /// What it is about, in a few words with commas between them.
    pub covers: Option<Clause>,
    /// The name of the check that decides it, without the backticks.
    pub check: Option<Clause>,
    /// The situation.
    pub given: Option<Clause>,
    /// The action.
    pub when: Option<Clause>,
    /// The one outcome.
    pub then: Option<Clause>,
    /// The negative twin: a request that must be refused, and how.
    pub refused: Option<Clause>,
}

impl Criterion {
    /// The name of its check; empty if it names none.
    pub fn check_name(&self) -> &str {
        self.check.as_ref().map_or("", |check| &check.text)
    }

    /// Whether a server that differs is wrong in any case.
    pub fn is_must(&self) -> bool {
        self.level
            .as_ref()
            .is_some_and(|level| level.text == "must")
    }
}

/// A field of a criterion.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Where it begins.
    pub line: usize,
    /// What it says, on one line.
    pub text: String,
}

/// A section that only has to be there and to say something.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The line of its heading.
    pub line: usize,
    /// How many entries it has.
    pub entries: usize,
}
