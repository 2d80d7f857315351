//! What the tools return besides single tasks. Lists are fields of an object: a legacy client may
//! refuse an array.

use rmcp::schemars::{self, JsonSchema};
use serde::Serialize;

use crate::board::{Project, State, Task};

/// The result of `list_projects`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectList {
    /// All projects.
    pub projects: Vec<Project>,
}

/// The result of `list_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TaskList {
    /// The tasks of the project.
    pub tasks: Vec<Task>,
}

/// The result of `project_summary`.
// Exercise 2.5-b begins. Hint: cargo xtask hint 2.5
#[derive(Debug, Serialize)]
// Exercise 2.5-b ends.
pub struct ProjectSummary {
    /// The project's id.
    pub project: String,
    /// What people call it.
    pub name: String,
    /// How many tasks nobody works on yet.
    pub todo: usize,
    /// How many tasks somebody works on.
    pub doing: usize,
    /// How many tasks are finished.
    pub done: usize,
}

impl ProjectSummary {
    /// Counts the tasks of a project by state.
    pub fn new(project: &Project, tasks: &[Task]) -> Self {
        let count = |state: State| tasks.iter().filter(|task| task.state == state).count();
        Self {
            project: project.id.clone(),
            name: project.name.clone(),
            todo: count(State::Todo),
            doing: count(State::Doing),
            done: count(State::Done),
        }
    }
}
