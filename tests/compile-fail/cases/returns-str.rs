//~ E0277 Output = &'static str
// Text leaves a tool as a `String`: a borrowed one is not a tool result.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Say what the board is for.
    #[tool]
    async fn about(&self) -> &'static str {
        "Tasks of a small team"
    }
}

fn main() {}
