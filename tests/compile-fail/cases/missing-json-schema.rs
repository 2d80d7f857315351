//~ E0277 the trait bound `AddTask: JsonSchema` is not satisfied
// The macro asks the argument type for its schema; this one has none.
use rmcp::{handler::server::wrapper::Parameters, tool, tool_router};

#[derive(serde::Deserialize)]
struct AddTask {
    title: String,
}

struct Board;

#[tool_router(server_handler)]
impl Board {
    /// Add a task.
    #[tool]
    async fn add_task(&self, Parameters(task): Parameters<AddTask>) -> String {
        task.title
    }
}

fn main() {}
