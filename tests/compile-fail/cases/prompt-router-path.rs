//~ error Unexpected type `path`
// `#[tool_router]` takes the name of its router bare, `#[prompt_router]` in quotes.
use rmcp::model::{PromptMessage, Role};
use rmcp::{prompt, prompt_router};

struct Board;

#[prompt_router(router = own_prompts)]
impl Board {
    /// Write the status of the board.
    #[prompt]
    async fn status(&self) -> Vec<PromptMessage> {
        vec![PromptMessage::new_text(Role::User, "Write it.")]
    }
}

fn main() {}
