//~ error future cannot be sent between threads safely
// The guard lives until the end of the function, so it is still held at the await.
use rmcp::{tool, tool_router};
use std::sync::Mutex;

struct Board {
    count: Mutex<u32>,
}

#[tool_router(server_handler)]
impl Board {
    /// Count this call.
    #[tool]
    async fn count(&self) -> String {
        let mut count = self.count.lock().expect("nobody panics with the lock");
        audit().await;
        *count += 1;
        count.to_string()
    }
}

async fn audit() {
    tokio::task::yield_now().await;
}

fn main() {}
