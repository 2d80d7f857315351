//! The tools that collect tasks in a draft and make them together.
//!
//! Nothing belongs to a connection: the state between the calls has a handle, which the model
//! passes from one call to the next.
//! <https://modelcontextprotocol.io/specification/2026-07-28/server/tools#stateful-tools>

use std::time::Instant;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{Json, tool, tool_router};
use serde::{Deserialize, Serialize};

use crate::create;
use crate::drafts::Draft;
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{NewTask, TrackerError};

/// The arguments of `open_draft`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDraft {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
}

/// The arguments of `add_to_draft`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddToDraft {
    /// The handle that `open_draft` gave.
    pub draft: String,
    /// What is to be done, in 1 to 200 characters.
    pub title: String,
}

/// The arguments of `submit_draft`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitDraft {
    /// The handle that `open_draft` gave.
    pub draft: String,
}

/// The result of `open_draft`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct Opened {
    /// The handle: what the other two tools ask for.
    pub draft: String,
    /// How long the draft is kept.
    pub expires_in_seconds: u64,
}

/// The result of `add_to_draft`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct Added {
    /// The handle.
    pub draft: String,
    /// How many tasks the draft has now.
    pub tasks: usize,
}

/// The result of `submit_draft`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Created {
    /// Ids of the tasks, in the order of the draft.
    pub created: Vec<String>,
}

impl TrackerServer {
    /// Makes the tasks of a draft, one after the other. What is made moves from `titles` to
    /// `created`, so that a second try goes on where the first one stopped.
    ///
    /// # Errors
    /// One of them cannot be made; those after it were not tried.
    pub async fn create_all(&self, draft: &mut Draft) -> Result<Vec<String>, TrackerError> {
        // One call, one budget, however many tasks there are.
        let end = Instant::now() + self.settings().call_budget;
        while let Some(title) = draft.titles.first() {
            let task = NewTask {
                project: draft.project.clone(),
                title: title.clone(),
                ..NewTask::default()
            };
            let left = end.saturating_duration_since(Instant::now());
            let task = create::create(self.tracker(), &task, left).await?;
            draft.titles.remove(0);
            draft.created.push(task.line.id);
        }
        Ok(draft.created.clone())
    }
}

#[tool_router(router = draft_tools, vis = "pub(crate)")]
impl TrackerServer {
    // Exercise 3.9 begins. Hint: cargo xtask hint 3.9
    /// Open a draft.
    #[tool]
    async fn open_draft(
        &self,
        Parameters(OpenDraft { project }): Parameters<OpenDraft>,
    ) -> Result<Json<Opened>, Failure> {
        Err(Failure::Protocol(crate::not_yet::not_yet("3.9", project)))
    }

    /// Add a task to a draft.
    #[tool]
    async fn add_to_draft(
        &self,
        Parameters(AddToDraft { draft, title }): Parameters<AddToDraft>,
    ) -> Result<Json<Added>, Failure> {
        let unused = (draft, title);
        Err(Failure::Protocol(crate::not_yet::not_yet("3.9", unused)))
    }

    /// Make the tasks of a draft.
    #[tool]
    async fn submit_draft(
        &self,
        Parameters(SubmitDraft { draft }): Parameters<SubmitDraft>,
    ) -> Result<Json<Created>, Failure> {
        Err(Failure::Protocol(crate::not_yet::not_yet("3.9", draft)))
    }
    // Exercise 3.9 ends.
}
// Exercise 3.9-b begins. Hint: cargo xtask hint 3.9
// Exercise 3.9-b ends.
