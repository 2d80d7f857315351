//~ E0277 anyhow::Error
// `anyhow::Error` cannot become a tool result. A `String` can, as a tool error.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Read the notes of the team.
    #[tool]
    async fn read_notes(&self) -> Result<String, anyhow::Error> {
        Ok(std::fs::read_to_string("notes.txt")?)
    }
}

fn main() {}
