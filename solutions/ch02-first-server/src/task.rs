//! What is on the board. The derives let serde read and write each type, and schemars describe it to a client.

use std::fmt;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody works on it yet.
    Todo,
    /// Somebody works on it.
    Doing,
    /// It is finished.
    Done,
}

impl State {
    /// The states that a task may go to from this one.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Todo => &[Self::Doing],
            Self::Doing => &[Self::Todo, Self::Done],
            Self::Done => &[Self::Todo],
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        })
    }
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before the others.
    High,
}

/// Something the team works on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Project {
    /// Short and unique, such as `ATLAS`.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Task {
    /// The project's id and a number, such as `ATLAS-1`.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// The day it is due, as YYYY-MM-DD; none for a bug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// How far it has come.
    pub state: State,
}

/// A task before it has an id.
#[derive(Debug, Clone, Deserialize)]
pub struct NewTask {
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// The day it is due, as YYYY-MM-DD.
    pub due: String,
    /// How urgent it is; normal if nobody says.
    pub priority: Option<Priority>,
}

impl NewTask {
    /// Reads a task from the arguments of a tool, whatever their type: only the names of the fields count.
    ///
    /// # Errors
    /// A field is missing, or its value does not fit.
    pub fn from_arguments(arguments: &impl Serialize) -> Result<Self, String> {
        serde_json::to_value(arguments)
            .and_then(serde_json::from_value)
            .map_err(|error| format!("the arguments make no task: {error}"))
    }
}

/// Whether this is a day of the calendar, written YYYY-MM-DD.
pub fn is_date(text: &str) -> bool {
    // Parsing alone would let `2026-1-5` pass.
    text.len() == 10
        && text
            .parse::<chrono::NaiveDate>()
            .is_ok_and(|day| day.to_string() == text)
}
