//~ E0277 the trait bound `Summary: JsonSchema` is not satisfied
// `Json` publishes the schema of what it wraps; this type has none.
use rmcp::{Json, tool, tool_router};

#[derive(serde::Serialize)]
struct Summary {
    done: u32,
}

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Count the finished tasks.
    #[tool]
    async fn summary(&self) -> Json<Summary> {
        Json(Summary { done: 1 })
    }
}

fn main() {}
