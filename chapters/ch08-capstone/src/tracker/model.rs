//! What travels between this server and the tracker. Fields that are not named here are ignored.

use std::fmt;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// Something the team works on.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct Project {
    /// Short and unique; may hold any character.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it takes no new tasks.
    pub archived: bool,
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum State {
    /// Nobody works on it yet.
    Todo,
    /// Somebody works on it.
    Doing,
    /// It is finished.
    Done,
}

/// How urgent a task is. The order is that of plans: what is urgent comes first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Priority {
    /// Before everything else.
    High,
    /// The usual.
    Normal,
    /// Can wait.
    Low,
}

impl fmt::Display for Priority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        })
    }
}

/// A task as lists show it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[schemars(inline)]
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
    /// How urgent it is.
    pub priority: Priority,
    /// Its size, 0 to 100.
    pub points: u32,
}

/// A task with everything that is known of it.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Task {
    /// What lists show too.
    #[serde(flatten)]
    pub line: TaskLine,
    /// What it is about. May be long, and was written by anybody.
    pub description: String,
}

/// A task, and the name of the version that was read.
#[derive(Debug, Clone)]
pub struct Versioned {
    /// The task.
    pub task: Task,
    /// Its `ETag`: sent back as `If-Match`, it makes sure that nobody else was faster.
    pub etag: String,
}

/// A task before it has an id. What is `None` is left to the tracker.
#[derive(Debug, Clone, Serialize)]
pub struct NewTask {
    /// Id of the project.
    pub project: String,
    /// What is to be done, in 1 to 200 characters.
    pub title: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who does it, as the id of a member of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The day it is due, as YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// How urgent it is; normal if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Its size, 0 to 100; 1 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
}

/// What a list of tasks is asked for. All filters must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TaskQuery {
    /// Id of the project.
    pub project: Option<String>,
    /// How far the tasks have come.
    pub state: Option<State>,
    /// Id of the member who does them.
    pub assignee: Option<String>,
    /// Words in title or description.
    pub text: Option<String>,
    /// The first day on which they may be due, as YYYY-MM-DD.
    pub due_from: Option<String>,
    /// The last day on which they may be due, as YYYY-MM-DD.
    pub due_to: Option<String>,
    /// How many at most, 1 to 100.
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Part of a list.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last one.
    pub next_cursor: Option<String>,
}

/// What a project gets done.
#[derive(Debug, Clone, Deserialize)]
pub struct Velocity {
    /// Points that are done in a past sprint.
    pub average: u32,
}

/// Somebody who works on a project.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    /// Unique in the project.
    pub id: String,
    /// In any script.
    pub name: String,
}

/// A file that belongs to a task.
#[derive(Debug, Clone, Deserialize)]
pub struct Attachment {
    /// Unique in its task.
    pub id: String,
    /// Its media type, as whoever attached it says.
    pub media_type: String,
}

/// Where an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ImportState {
    /// It goes on.
    Running,
    /// Every row is a task now.
    Done,
    /// It was stopped; rows that were done are tasks.
    Cancelled,
}

/// An import.
#[derive(Debug, Clone, Deserialize)]
pub struct Import {
    /// Unique in the tracker.
    pub id: String,
    /// Where it is.
    pub state: ImportState,
    /// Rows that are tasks now.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
}

/// What changed after a cursor, and the cursor for the next question.
#[derive(Debug, Clone, Deserialize)]
pub struct Changes {
    /// The changes, the oldest first.
    pub changes: Vec<Change>,
    /// The moment after the last of them.
    pub cursor: String,
}

/// One change.
#[derive(Debug, Clone, Deserialize)]
pub struct Change {
    /// What happened, such as `task.updated`.
    pub kind: String,
    /// The project in which it happened.
    pub project: String,
    /// The task, if it is about one.
    pub task: Option<String>,
}
