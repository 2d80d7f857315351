//! What somebody else changes in the tracker while an exchange is recorded.

use anyhow::ensure;
use serde::Deserialize;
use tracker::{State, Tracker};

/// One change, as a script names it: `change = { finish = "ATLAS-1" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Change {
    /// The task with this id is done.
    Finish(String),
    /// There is a new project with this id.
    AddProject(String),
}

impl Change {
    /// Makes the change.
    ///
    /// # Errors
    /// There is no such task, or there is such a project.
    pub(super) fn make(&self, tracker: &Tracker) -> anyhow::Result<()> {
        match self {
            Self::Finish(task) => ensure!(
                tracker.edit_task(task, |task| task.state = State::Done),
                "the tracker has no task {task:?}"
            ),
            Self::AddProject(project) => ensure!(
                tracker.add_project(project, "Made while somebody looked"),
                "the tracker has a project {project:?} already"
            ),
        }
        Ok(())
    }

    /// The change as the book tells it.
    pub(super) fn spoken(&self) -> String {
        match self {
            Self::Finish(task) => format!("{task} is done now"),
            Self::AddProject(project) => format!("there is a new project, {project}"),
        }
    }
}
