//~ E0277 Output = Vec
// A list is not a tool result: wrap it in a struct and return `Json` of that.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// List the titles of all tasks.
    #[tool]
    async fn list_titles(&self) -> Vec<String> {
        Vec::new()
    }
}

fn main() {}
