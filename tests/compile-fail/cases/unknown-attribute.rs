//~ error Unknown field: `desc`
// The field is called `description`; the doc comment would do as well.
use rmcp::{tool, tool_router};

struct Board;

#[tool_router(server_handler)]
impl Board {
    #[tool(desc = "List the projects.")]
    async fn list_projects(&self) -> String {
        "ATLAS, BEACON, CEDAR".to_owned()
    }
}

fn main() {}
