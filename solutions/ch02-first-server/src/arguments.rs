//! What the tools take. Doc comments become descriptions in the schema, and a model reads those.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use crate::board::State;

/// The arguments of `add_task`.
// STARTER 2.2: #[derive(Debug, Serialize, Deserialize, JsonSchema)]
// STARTER 2.2: pub struct AddTask {
// STARTER 2.2:     project: String,
// STARTER 2.2:     title: String,
// STARTER 2.2:     due: String,
// STARTER 2.2:     priority: String,
// STARTER 2.2: }
// ANCHOR: ex-2-2
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AddTask {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    project: String,
    /// What is to be done, in 1 to 100 characters.
    #[schemars(length(min = 1, max = 100))]
    title: String,
    /// The day it is due, as YYYY-MM-DD.
    #[schemars(extend("format" = "date"))]
    due: String,
    /// How urgent it is; normal if left out.
    #[serde(default)]
    priority: crate::board::Priority,
}
// ANCHOR_END: ex-2-2

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
