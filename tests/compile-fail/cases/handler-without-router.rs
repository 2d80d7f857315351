//~ E0599 no function or associated item named `tool_router` found for struct `Board`
// `#[tool_handler]` calls `Self::tool_router()`, and nothing has made one.
use rmcp::{ServerHandler, tool_handler};

struct Board;

#[tool_handler]
impl ServerHandler for Board {}

fn main() {}
