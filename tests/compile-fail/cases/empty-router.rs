//~ error found no `#[tool]` fn in this impl block
// The method lacks `#[tool]`, so the router would be empty.
use rmcp::tool_router;

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// List the projects.
    async fn list_projects(&self) -> String {
        "ATLAS, BEACON, CEDAR".to_owned()
    }
}

fn main() {}
