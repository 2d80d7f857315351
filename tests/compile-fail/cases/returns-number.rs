//~ E0277 Output = u32
// A number is not a tool result. The clue is `Output = u32` in the message.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Count the tasks.
    #[tool]
    async fn count_tasks(&self) -> u32 {
        4
    }
}

fn main() {}
