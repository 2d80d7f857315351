//~ E0277 &'a mut Board
// Requests run at the same time, so a tool borrows the server shared. State that changes goes behind a lock.
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
