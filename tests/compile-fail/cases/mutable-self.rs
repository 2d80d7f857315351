//~ E0277 &'a mut Board
// Requests run side by side, so tools share the server: what changes needs a lock.
use rmcp::{tool, tool_router};

struct Board {
    count: u32,
}

#[tool_router(server_handler)]
impl Board {
    /// Count this call.
    #[tool]
    async fn count(&mut self) -> String {
        self.count += 1;
        self.count.to_string()
    }
}

fn main() {}
