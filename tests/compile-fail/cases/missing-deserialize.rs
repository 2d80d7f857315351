//~ E0277 IntoToolRoute
// The argument type cannot be read from JSON. The message never says so.
use rmcp::{handler::server::wrapper::Parameters, schemars, tool, tool_router};

#[derive(schemars::JsonSchema)]
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
