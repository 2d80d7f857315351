//! The tools about projects, in a router block of their own.

// ANCHOR: ex-2-1
use rmcp::{Json, tool, tool_router};

use crate::results::ProjectList;
use crate::server::BoardServer;

#[tool_router(router = project_tools, vis = "pub(crate)")]
impl BoardServer {
    /// List all projects of the team, with the ids that the other tools ask for.
    #[tool]
    async fn list_projects(&self) -> Json<ProjectList> {
        let projects = self.board().projects().to_vec();
        Json(ProjectList { projects })
    }
}
// ANCHOR_END: ex-2-1
