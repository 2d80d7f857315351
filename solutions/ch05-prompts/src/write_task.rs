//! `write_task`: a rough note becomes a task. The prompt shows the model an example first.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{GetPromptResult, PromptMessage, Role};
use rmcp::schemars::{self, JsonSchema};
use rmcp::{ErrorData, prompt, prompt_router};
use serde::Deserialize;

use crate::arguments;
use crate::server::TrackerServer;

/// What is asked of the model.
const RULES: &str = "Turn a rough note into a task that somebody else can begin tomorrow: a title \
    of at most 60 characters that starts with a verb, then what is known, then how everybody will \
    see that it is done. Invent nothing. What is missing becomes a question at the end.";

/// A note as people write them.
const EXAMPLE_NOTE: &str = "login on the phone is a pain, support wants it nicer before the fair??";

/// What a good task looks like.
const EXAMPLE_TASK: &str = "Title: Simplify the sign-in on the phone\n\n\
    Known: Signing in on the phone takes too much effort. Support asks for it before the fair.\n\n\
    Done when: A person who has never used the app signs in without help.\n\n\
    Questions: When is the fair? Which step costs people the most?";

/// The arguments of `write_task`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WriteTask {
    /// Id of the project, such as ATLAS.
    project: String,
    /// What somebody jotted down, in any words.
    note: String,
}

#[prompt_router(router = "writing_prompts", vis = "pub(crate)")]
impl TrackerServer {
    /// Turn a rough note into a task that somebody else can begin.
    #[prompt(title = "Write a task")]
    async fn write_task(
        &self,
        Parameters(WriteTask { project, note }): Parameters<WriteTask>,
    ) -> Result<GetPromptResult, ErrorData> {
        let project = arguments::required("project", project)?;
        let note = arguments::required("note", note)?;
        let project = self.tracker().project(&project).await?.id;
        Ok(GetPromptResult::new(conversation(&project, &note)))
    }
}

/// The rules and the example, and then the note for `project`.
fn conversation(project: &str, note: &str) -> Vec<PromptMessage> {
    // STARTER 5.2: let text = format!(
    // STARTER 5.2:     "{RULES}\n\nUser: {EXAMPLE_NOTE}\n\nAssistant: {EXAMPLE_TASK}\n\n\
    // STARTER 5.2:      User: A note for project {project}: {note}"
    // STARTER 5.2: );
    // STARTER 5.2: vec![PromptMessage::new_text(Role::User, text)]
    // ANCHOR: ex-5-2
    let example = format!("{RULES}\n\nThe note: {EXAMPLE_NOTE}");
    let real = format!("Now for project {project}. The note: {note}");
    vec![
        PromptMessage::new_text(Role::User, example),
        // The model reads this as what it has said itself, and goes on in the same way.
        PromptMessage::new_text(Role::Assistant, EXAMPLE_TASK),
        PromptMessage::new_text(Role::User, real),
    ]
    // ANCHOR_END: ex-5-2
}
