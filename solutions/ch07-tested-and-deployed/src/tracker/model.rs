//! What travels between this server and the tracker. Fields that are not named here are ignored.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use crate::title::Title;

/// A task.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Task {
    /// Unique in the whole tracker, such as `ATLAS-1`.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// How far it has come: todo, doing or done.
    pub state: String,
    /// The day it is due, as YYYY-MM-DD.
    pub due: Option<String>,
}

/// A task before it has an id.
#[derive(Debug, Clone, Serialize)]
pub struct NewTask {
    /// Id of the project.
    pub project: String,
    /// What is to be done.
    pub title: Title,
    /// The day it is due, as YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// Part of a list. This server reads the first page of the longest kind.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Page<T> {
    /// What is on this page.
    pub(super) items: Vec<T>,
}
