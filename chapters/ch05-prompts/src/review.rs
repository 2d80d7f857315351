//! `risk_review` and `release_review`: two prompts that have most of their text in common.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{GetPromptResult, PromptMessage, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::{ErrorData, prompt, prompt_router};
use serde::Deserialize;

use crate::compose::compose;
use crate::parts::Part;
use crate::server::TrackerServer;
use crate::{arguments, uri};

/// The arguments of both.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Review {
    /// Id of the project, such as ATLAS.
    project: String,
    /// How strict to be: light, normal or strict; normal if left out.
    strictness: Option<String>,
}

#[prompt_router(router = "review_prompts", vis = "pub(crate)")]
impl TrackerServer {
    /// Find what could keep a project from being done in time.
    #[prompt(title = "Risk review")]
    async fn risk_review(
        &self,
        Parameters(review): Parameters<Review>,
    ) -> Result<GetPromptResult, ErrorData> {
        self.review(Part::Risk, review).await
    }

    /// Decide whether the next release of a project can go out.
    #[prompt(title = "Release review")]
    async fn release_review(
        &self,
        Parameters(review): Parameters<Review>,
    ) -> Result<GetPromptResult, ErrorData> {
        self.review(Part::Release, review).await
    }
}

impl TrackerServer {
    async fn review(&self, subject: Part, review: Review) -> Result<GetPromptResult, ErrorData> {
        let project = arguments::required("project", review.project)?;
        let strictness = arguments::optional(review.strictness);
        let strictness = strictness.as_deref().unwrap_or("normal");
        let task = compose(self.parts(), subject, strictness)?;
        let project = self.tracker().project(&project).await?.id;
        let about = format!(
            "This is about project {project}. Its board is the resource {}.",
            uri::board(&project)
        );
        Ok(GetPromptResult::new(vec![
            PromptMessage::new_text(Role::User, task),
            PromptMessage::new_text(Role::User, about),
        ]))
    }
}
