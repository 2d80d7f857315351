//~ E0277 IntoPromptRoute
// A tool may fail with a text, a prompt may not: it has no result with `isError`.
use rmcp::model::{PromptMessage, Role};
use rmcp::{prompt, prompt_router};

struct Board;

#[prompt_router]
impl Board {
    /// Write the status of the board.
    #[prompt]
    async fn status(&self) -> Result<Vec<PromptMessage>, String> {
        Ok(vec![PromptMessage::new_text(Role::User, "Write it.")])
    }
}

fn main() {}
