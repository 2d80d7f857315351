//~ error Unknown field: `read_only`
// The hints end in `_hint`, since a client may rely on none of them.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// List the projects.
    #[tool(annotations(read_only = true))]
    async fn list_projects(&self) -> String {
        "ATLAS, BEACON, CEDAR".to_owned()
    }
}

fn main() {}
