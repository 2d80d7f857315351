//! `sprint_plan`: what the team takes on next. The prompt brings what the decision needs.

// ANCHOR: ex-8-6-b
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage, ResourceContents, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, prompt, prompt_router};
use serde::Deserialize;

use crate::server::TrackerServer;
use crate::uri::TrackerUri;
use crate::{arguments, errors, reading};

/// What is asked of the model.
const PLAN: &str = "Plan the next sprint with the board below. Take tasks from \"To do\" by priority and \
    due day, as many points as plan_milestones puts into one milestone. Name what you leave out, and why.";

/// The arguments of `sprint_plan`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SprintPlan {
    /// Id of the project, such as ATLAS.
    project: String,
    /// Id of a member, to plan their work alone; the whole team if left out.
    member: Option<String>,
}

#[prompt_router(router = "sprint_prompts", vis = "pub(crate)")]
impl TrackerServer {
    /// Plan the next sprint of a project, with its board at hand.
    #[prompt(title = "Sprint plan")]
    async fn sprint_plan(
        &self,
        Parameters(SprintPlan { project, member }): Parameters<SprintPlan>,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResult, ErrorData> {
        let project = arguments::required("project", project)?;
        let tracker = self.tracker_of(&context).await?;
        let board = reading::board_of(&tracker, &project).await;
        let board = board.map_err(errors::argument("project"))?;
        let mut task = PLAN.to_owned();
        if let Some(member) = arguments::optional(member) {
            let members = tracker.members(&project).await;
            let members = members.map_err(errors::argument("project"))?;
            if !members.iter().any(|known| known.id == member) {
                let problem = "must be a member of the project";
                return Err(arguments::wrong("member", problem));
            }
            task += &format!(" Plan for {member} alone.");
        }
        // The very text that `resources/read` would bring.
        let uri = TrackerUri::Board(project).to_string();
        let board = ResourceContents::text(board, uri).with_mime_type(reading::MARKDOWN);
        Ok(GetPromptResult::new(vec![
            PromptMessage::new_text(Role::User, task),
            PromptMessage::new(Role::User, ContentBlock::resource(board)),
        ]))
    }
}
// ANCHOR_END: ex-8-6-b
