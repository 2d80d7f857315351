//~ E0624 associated function `tool_router` is private
// The generated function is private. `#[tool_router(vis = "pub(crate)")]` opens it.
mod board {
    use rmcp::{tool, tool_router};

    pub(crate) struct Board;

    #[tool_router(server_handler)]
    impl Board {
        /// List the projects.
        #[tool]
        async fn list_projects(&self) -> String {
            "ATLAS, BEACON, CEDAR".to_owned()
        }
    }
}

fn main() {
    let _ = board::Board::tool_router();
}
