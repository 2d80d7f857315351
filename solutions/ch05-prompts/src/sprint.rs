//! `sprint_plan`: what the team takes on next. The prompt brings what the decision needs.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{GetPromptResult, PromptMessage, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::{ErrorData, prompt, prompt_router};
use serde::Deserialize;

use crate::server::TrackerServer;
use crate::tracker::Tracker;
use crate::{arguments, resources};

/// What is asked of the model.
const PLAN: &str = "Plan the next sprint with the board and the burndown chart below. Take tasks \
    from \"To do\" by priority and due day, as many points as a past sprint brought: the velocity \
    is linked. Name what you leave out, and why. If the chart shows that the current sprint will \
    not be finished, say first what to do about it.";

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
    ) -> Result<GetPromptResult, ErrorData> {
        let project = arguments::required("project", project)?;
        let project = self.tracker().project(&project).await?.id;
        let mut task = PLAN.to_owned();
        if let Some(member) = arguments::optional(member) {
            let members = self.tracker().members(&project).await?;
            if !members.iter().any(|known| known.id == member) {
                return Err(arguments::wrong(
                    "member",
                    "must be a member of the project",
                ));
            }
            task += &format!(" Plan for {member} alone.");
        }
        let mut messages = vec![PromptMessage::new_text(Role::User, task)];
        messages.extend(data(self.tracker(), &project).await?);
        // A picture is content like any other: base64 on the wire, with its media type.
        let chart = self.tracker().burndown(&project).await?;
        let chart = PromptMessage::new_image(Role::User, &chart, "image/png", None, None);
        messages.push(chart);
        Ok(GetPromptResult::new(messages))
    }
}

/// The board of a project, and the way to its velocity.
async fn data(tracker: &Tracker, project: &str) -> Result<Vec<PromptMessage>, ErrorData> {
    let board = resources::board(tracker, project).await?;
    // STARTER 5.3: Ok(vec![PromptMessage::new_text(Role::User, board)])
    // ANCHOR: ex-5-3
    use rmcp::model::{ContentBlock, Resource, ResourceContents};

    use crate::uri;

    // What the model needs is embedded: the very text that `resources/read` would bring.
    let board =
        ResourceContents::text(board, uri::board(project)).with_mime_type(resources::MARKDOWN);
    // What it may want to look up is linked: the host reads it if it likes to.
    let velocity = Resource::new(uri::velocity(project), "velocity")
        .with_title("What past sprints brought")
        .with_mime_type(resources::MARKDOWN);
    Ok(vec![
        PromptMessage::new(Role::User, ContentBlock::resource(board)),
        PromptMessage::new_resource_link(Role::User, velocity),
    ])
    // ANCHOR_END: ex-5-3
}
