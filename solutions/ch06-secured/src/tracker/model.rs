//! What travels between this server and the tracker. Fields that are not named here are ignored.

use rmcp::schemars::{self, JsonSchema};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// Something the team works on.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct Project {
    /// Short and unique; may hold any character.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// A task as lists show it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct TaskLine {
    /// Unique in the whole tracker, such as `ATLAS-1`.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// How far it has come: todo, doing or done.
    pub state: String,
}

/// A task before it has an id.
#[derive(Debug, Clone, Serialize)]
pub struct NewTask<'a> {
    /// Id of the project.
    pub project: &'a str,
    /// What is to be done, in 1 to 200 characters.
    pub title: &'a str,
}

/// A file that belongs to a task.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct Attachment {
    /// Unique among those of its task.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What has happened in the tracker.
#[derive(Debug, Clone, Deserialize)]
pub struct Changes {
    /// One entry a change. What it says is of no use here.
    pub changes: Vec<IgnoredAny>,
    /// Where to go on.
    pub cursor: String,
}

/// Part of a list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Page<T> {
    /// What is on this page.
    pub(super) items: Vec<T>,
    /// Where the next page begins; none after the last one.
    pub(super) next_cursor: Option<String>,
}
