//~ E0277 IntoPromptRoute
// A text is not a message: nobody has said it.
use rmcp::{prompt, prompt_router};

struct Board;

#[prompt_router]
impl Board {
    /// Write the status of the board.
    #[prompt]
    async fn status(&self) -> String {
        "Write the status of the board.".to_owned()
    }
}

fn main() {}
