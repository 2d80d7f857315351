//! What the tracker tells this server. Fields that are not named here are ignored.

use serde::{Deserialize, Serialize};

/// Something the team works on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Project {
    /// Short and unique; may hold any character.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Whether it is over: it takes no new tasks.
    pub archived: bool,
    /// When it was changed last, RFC 3339.
    pub updated: String,
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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

/// A file that belongs to a task.
#[derive(Debug, Clone, Deserialize)]
pub struct Attachment {
    /// Unique in its task.
    pub id: String,
    /// The name of the file.
    pub name: String,
    /// Its media type, as whoever attached it says.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// When it was changed last, RFC 3339.
    pub updated: String,
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
