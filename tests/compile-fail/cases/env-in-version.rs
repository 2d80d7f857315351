//~ error Unexpected type `macro`
// The attribute takes literals only; a `get_info` of your own takes any expression.
use rmcp::{ServerHandler, tool, tool_handler, tool_router};

struct Board;

#[tool_router]
impl Board {
    /// List the projects.
    #[tool]
    async fn list_projects(&self) -> String {
        "ATLAS, BEACON, CEDAR".to_owned()
    }
}

#[tool_handler(name = "board", version = env!("CARGO_PKG_VERSION"))]
impl ServerHandler for Board {}

fn main() {}
