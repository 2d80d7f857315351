//! `weekly_status`: what a week has brought.

// STARTER 5.1: use rmcp::handler::server::router::prompt::PromptRouter;
// STARTER 5.1:
// STARTER 5.1: use crate::server::TrackerServer;
// STARTER 5.1:
// STARTER 5.1: impl TrackerServer {
// STARTER 5.1:     /// No prompt yet. `#[prompt_router]` writes this function for a block with prompts.
// STARTER 5.1:     pub(crate) fn status_prompts() -> PromptRouter<Self> {
// STARTER 5.1:         PromptRouter::new()
// STARTER 5.1:     }
// STARTER 5.1: }
// ANCHOR: ex-5-1
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{GetPromptResult, PromptMessage, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::{ErrorData, prompt, prompt_router};
use serde::Deserialize;

use crate::server::TrackerServer;
use crate::{arguments, uri};

/// How far back a status looks unless it is told otherwise, in days.
const A_WEEK: u32 = 7;

/// The arguments of `weekly_status`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WeeklyStatus {
    /// Id of the project, such as ATLAS.
    project: String,
    /// How many days to look back, 1 to 31; 7 if left out.
    days: Option<String>,
}

#[prompt_router(router = "status_prompts", vis = "pub(crate)")]
impl TrackerServer {
    /// Write the status of a project for people who were not there.
    #[prompt(title = "Weekly status")]
    async fn weekly_status(
        &self,
        Parameters(WeeklyStatus { project, days }): Parameters<WeeklyStatus>,
    ) -> Result<GetPromptResult, ErrorData> {
        let project = arguments::required("project", project)?;
        // A number is text here: on the wire every argument of a prompt is a string.
        let days = match arguments::optional(days) {
            None => A_WEEK,
            Some(days) => match days.parse() {
                Ok(days @ 1..=31) => days,
                _ => return Err(arguments::wrong("days", "must be a number from 1 to 31")),
            },
        };
        let project = self.tracker().project(&project).await?.id;
        let text = format!(
            "Write the status of project {project} for the last {days} days. Its board is the \
             resource {}.\n\n\
             Begin with what is late or stuck, and who can change that. Then what was finished, \
             in words that somebody outside of the team understands. Then what comes next. Name \
             tasks by their ids. At most 200 words, and nothing that is not on the board.",
            uri::board(&project)
        );
        let messages = vec![PromptMessage::new_text(Role::User, text)];
        Ok(GetPromptResult::new(messages).with_description(format!("The status of {project}")))
    }
}
// ANCHOR_END: ex-5-1
