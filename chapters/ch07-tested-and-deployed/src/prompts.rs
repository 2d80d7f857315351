//! The prompts.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{GetPromptResult, PromptMessage, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::{prompt, prompt_router};
use serde::Deserialize;

use crate::server::TrackerServer;

/// The arguments of `weekly_status`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WeeklyStatus {
    /// Id of the project, such as ATLAS.
    pub project: String,
}

#[prompt_router(router = "prompts", vis = "pub(crate)")]
impl TrackerServer {
    /// Write the status of a project for people who were not there.
    #[prompt(title = "Weekly status")]
    async fn weekly_status(
        &self,
        Parameters(WeeklyStatus { project }): Parameters<WeeklyStatus>,
    ) -> GetPromptResult {
        let text = format!(
            "Write the status of the project {project} for this week, in at most 200 words. \
             `list_tasks` tells its tasks. Begin with what is late or stuck, and name tasks by their ids."
        );
        GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)])
    }
}
