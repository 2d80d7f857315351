//! What the tools take. Doc comments become descriptions in the schema, and a model reads those.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use crate::board::State;

/// The arguments of `add_task`.
// Exercise 2.2 begins. Hint: cargo xtask hint 2.2
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AddTask {
    project: String,
    title: String,
    due: String,
    priority: String,
}
// Exercise 2.2 ends.

/// The arguments of `report_bug`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ReportBug {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
    /// What is wrong, in a few words.
    pub title: String,
}

/// The arguments of `set_due`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SetDue {
    /// Id of the task, such as ATLAS-1.
    pub id: String,
    /// The new day, as YYYY-MM-DD.
    pub due: String,
}

/// The arguments of `move_task`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct MoveTask {
    /// Id of the task, such as ATLAS-1.
    pub id: String,
    /// The state it goes to.
    pub to: State,
}

/// The arguments of tools that are about one task.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OneTask {
    /// Id of the task, such as ATLAS-1.
    pub id: String,
}

/// The arguments of tools that are about one project.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OneProject {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
}
