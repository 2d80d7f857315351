//~ E0277 fn(&'a Board, u32)
// Arguments arrive as one object: a struct inside `Parameters`, never a plain value.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Show one task.
    #[tool]
    async fn show_task(&self, number: u32) -> String {
        format!("ATLAS-{number}")
    }
}

fn main() {}
