//! What the tracker keeps, in the shape in which it is sent.

use serde::Serialize;

/// A project of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Chosen by people: may hold a space, a slash, a percent sign or any letter.
    pub id: String,
    /// For people.
    pub name: String,
    /// What the project is about, in one sentence.
    pub description: String,
    /// An archived project takes no new tasks, and only an archived one can be deleted.
    pub archived: bool,
    /// When it last changed, RFC 3339.
    pub updated: String,
    /// Place in the list.
    #[serde(skip)]
    pub(crate) order: u64,
}

/// Where a task is. The steps between them are [`State::allowed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody works on it yet.
    Todo,
    /// Somebody does.
    Doing,
    /// Finished.
    Done,
}

impl State {
    /// All of them, in the order of work.
    pub const ALL: [Self; 3] = [Self::Todo, Self::Doing, Self::Done];

    /// The states that a task in this state may take next.
    pub fn allowed(self) -> &'static [Self] {
        match self {
            Self::Todo => &[Self::Doing],
            Self::Doing => &[Self::Todo, Self::Done],
            Self::Done => &[Self::Todo],
        }
    }

    /// As it is written in JSON and in queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }
}

/// How much a task matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Can wait.
    Low,
    /// The usual.
    Normal,
    /// Before everything else.
    High,
}

impl Priority {
    /// All of them, rising.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// As it is written in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// A task of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// The project's id, a hyphen and a number. Unique in the whole tracker.
    pub id: String,
    /// Id of the project.
    pub project: String,
    /// 1 to 200 characters.
    pub title: String,
    /// Any text, up to a million bytes. Lists leave it out.
    pub description: String,
    /// Where it is.
    pub state: State,
    /// Id of a member of the project.
    pub assignee: Option<String>,
    /// `YYYY-MM-DD`
    pub due: Option<String>,
    /// How much it matters.
    pub priority: Priority,
    /// Its size, 0 to 100.
    pub points: u32,
    /// RFC 3339
    pub created: String,
    /// RFC 3339
    pub updated: String,
    /// Counts the changes; the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
    /// Place in the list.
    #[serde(skip)]
    pub(crate) order: u64,
}

impl Task {
    /// The value of the `ETag` header: another one after every change.
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.version)
    }
}

/// A task as it stands in lists: without its description, which may be long.
#[derive(Debug, Serialize)]
pub(crate) struct TaskLine<'a> {
    id: &'a str,
    project: &'a str,
    title: &'a str,
    state: State,
    assignee: Option<&'a str>,
    due: Option<&'a str>,
    priority: Priority,
    points: u32,
    created: &'a str,
    updated: &'a str,
}

impl<'a> From<&'a Task> for TaskLine<'a> {
    fn from(task: &'a Task) -> Self {
        Self {
            id: &task.id,
            project: &task.project,
            title: &task.title,
            state: task.state,
            assignee: task.assignee.as_deref(),
            due: task.due.as_deref(),
            priority: task.priority,
            points: task.points,
            created: &task.created,
            updated: &task.updated,
        }
    }
}

/// Somebody who works on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Unique in the project.
    pub id: String,
    /// In any script.
    pub name: String,
    /// `lead`, `developer`, `designer` or `tester`
    pub role: String,
    /// Place in the list.
    #[serde(skip)]
    pub(crate) order: u64,
}

/// A file that belongs to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// `att-` and a number. Unique in the whole tracker.
    pub id: String,
    /// File name, in any script.
    pub name: String,
    /// As in the `Content-Type` of its bytes.
    pub media_type: String,
    /// In bytes.
    pub size: usize,
    /// RFC 3339
    pub updated: String,
    /// Id of the task.
    #[serde(skip)]
    pub task: String,
    /// The content itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// Rows are still coming.
    Running,
    /// Every row has become a task.
    Done,
    /// Stopped; the rows that were done stay.
    Cancelled,
}

/// An import of rows, each of which becomes a task. It goes on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// `imp-` and a number
    pub id: String,
    /// Id of the project.
    pub project: String,
    /// What became of it.
    pub state: ImportState,
    /// Rows that are tasks by now.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
    /// RFC 3339
    pub created: String,
}

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Counts from 1.
    pub number: u64,
    /// RFC 3339
    pub at: String,
    /// `task.created`, `task.updated`, `task.deleted`, `project.created`, `project.updated`, `project.deleted` or
    /// `members.updated`
    pub kind: &'static str,
    /// Id of the project.
    pub project: String,
    /// Id of the task, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
}
