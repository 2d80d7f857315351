//! What the tracker tells this server. Fields that are not named here are ignored.

use serde::Deserialize;

/// Something the team works on.
#[derive(Debug, Clone, Deserialize)]
pub struct Project {
    /// Short and unique; may hold any character.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// Somebody who works on a project.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    /// Unique in the project.
    pub id: String,
    /// What people call them.
    pub name: String,
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody works on it yet.
    Todo,
    /// Somebody works on it.
    Doing,
    /// It is finished.
    Done,
}

/// A task as lists show it.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskLine {
    /// Unique in the whole tracker, such as `ATLAS-1`.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub state: State,
    /// Who does it, as the id of a member of the project.
    pub assignee: Option<String>,
    /// The day it is due, as YYYY-MM-DD.
    pub due: Option<String>,
    /// How urgent it is: low, normal or high.
    pub priority: String,
    /// Its size, 0 to 100.
    pub points: u32,
}

/// A task with everything that is known of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Task {
    /// What lists show too.
    #[serde(flatten)]
    pub line: TaskLine,
    /// What it is about. May be long, and was written by anybody.
    pub description: String,
}

/// Part of a list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Page<T> {
    /// What is on this page.
    pub(super) items: Vec<T>,
    /// Where the next page begins; none after the last one.
    pub(super) next_cursor: Option<String>,
}

/// The points that a project planned and did, sprint by sprint.
#[derive(Debug, Clone, Deserialize)]
pub struct Velocity {
    /// The sprints, the oldest first.
    pub sprints: Vec<Sprint>,
    /// Points done in a past sprint, on average.
    pub average: u64,
}

/// Two weeks of work.
#[derive(Debug, Clone, Deserialize)]
pub struct Sprint {
    /// Counts up.
    pub number: u64,
    /// Points that were planned.
    pub planned: u64,
    /// Points that were done.
    pub done: u64,
}
