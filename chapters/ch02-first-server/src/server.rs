//! The handler: what the server says about itself, and the tools about tasks.

use std::borrow::Cow;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{Implementation, ProtocolVersion, ServerCapabilities, ServerConfig};
use rmcp::{Json, ServerHandler, tool, tool_handler, tool_router};

use crate::arguments::{AddTask, MoveTask, OneProject, OneTask, ReportBug, SetDue};
use crate::board::{Board, BoardError, NewTask, Task, is_date};
use crate::bugs;
use crate::results::{ProjectSummary, TaskList};
use crate::validate::validate;

/// What a model should know before it calls a tool.
const INSTRUCTIONS: &str = "The task board of a small team. `list_projects` tells the ids of the \
    projects, `list_tasks` those of their tasks.";

/// The server: the board, and the tools to work with it.
#[derive(Debug)]
pub struct BoardServer {
    board: Board,
    tools: ToolRouter<Self>,
}

impl BoardServer {
    /// A server with a seeded board and all tools.
    pub fn new() -> Self {
        // Exercise 2.1-b begins. Hint: cargo xtask hint 2.1
        let project_tools = ToolRouter::new();
        // Exercise 2.1-b ends.
        Self {
            board: Board::seeded(),
            tools: Self::task_tools() + project_tools,
        }
    }

    /// The board that the tools work with.
    pub fn board(&self) -> &Board {
        &self.board
    }

    fn summary(&self, project: &str) -> Result<ProjectSummary, BoardError> {
        let tasks = self.board.tasks_of(project)?;
        Ok(ProjectSummary::new(self.board.project(project)?, &tasks))
    }
}

impl Default for BoardServer {
    fn default() -> Self {
        Self::new()
    }
}

// An `Err(String)` becomes a result with `isError`: the model reads it and can do better.
#[tool_router(router = task_tools)]
impl BoardServer {
    /// Add a task to a project.
    // Exercise 2.7 begins. Hint: cargo xtask hint 2.7
    #[tool]
    // Exercise 2.7 ends.
    async fn add_task(
        &self,
        Parameters(arguments): Parameters<AddTask>,
    ) -> Result<Json<Task>, String> {
        let new = NewTask::from_arguments(&arguments)?;
        validate(&new.title, &new.due)?;
        Ok(Json(self.board.add_task(new)?))
    }

    /// List the tasks of a project.
    // Exercise 2.7-b begins. Hint: cargo xtask hint 2.7
    #[tool]
    // Exercise 2.7-b ends.
    async fn list_tasks(
        &self,
        Parameters(OneProject { project }): Parameters<OneProject>,
    ) -> Result<Json<TaskList>, String> {
        let tasks = self.board.tasks_of(&project)?;
        Ok(Json(TaskList { tasks }))
    }

    /// Set the day on which a task is due, in place of the one it had.
    // Exercise 2.7-c begins. Hint: cargo xtask hint 2.7
    #[tool]
    // Exercise 2.7-c ends.
    async fn set_due(
        &self,
        Parameters(SetDue { id, due }): Parameters<SetDue>,
    ) -> Result<Json<Task>, String> {
        if !is_date(&due) {
            return Err(format!("due must be a day as YYYY-MM-DD, got {due:?}"));
        }
        Ok(Json(self.board.set_due(&id, due)?))
    }

    /// Delete a task for good.
    // Exercise 2.7-d begins. Hint: cargo xtask hint 2.7
    #[tool]
    // Exercise 2.7-d ends.
    async fn delete_task(
        &self,
        Parameters(OneTask { id }): Parameters<OneTask>,
    ) -> Result<String, String> {
        self.board.delete_task(&id)?;
        Ok(format!("{id} is deleted"))
    }

    /// Report a bug: an urgent task without a due date. It is written to the audit log too.
    #[tool]
    async fn report_bug(
        &self,
        Parameters(ReportBug { project, title }): Parameters<ReportBug>,
    ) -> Result<Json<Task>, String> {
        Ok(Json(bugs::report(&self.board, &project, title).await?))
    }

    // Exercise 2.5 begins. Hint: cargo xtask hint 2.5
    /// Count the tasks of a project by state.
    #[tool]
    async fn project_summary(
        &self,
        Parameters(OneProject { project }): Parameters<OneProject>,
    ) -> Result<String, String> {
        let summary = self.summary(&project)?;
        Ok(serde_json::json!(summary).to_string())
    }
    // Exercise 2.5 ends.

    // Exercise 2.6 begins. Hint: cargo xtask hint 2.6
    /// Move a task to another state.
    #[tool]
    async fn move_task(
        &self,
        Parameters(MoveTask { id, to }): Parameters<MoveTask>,
    ) -> Result<Json<Task>, rmcp::ErrorData> {
        match self.board.move_task(&id, to) {
            Ok(task) => Ok(Json(task)),
            Err(e) => Err(rmcp::ErrorData::invalid_params(e.to_string(), None)),
        }
    }
    // Exercise 2.6 ends.
}

#[tool_handler(router = self.tools)]
impl ServerHandler for BoardServer {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("Task board");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(identity)
            .with_instructions(INSTRUCTIONS)
    }

    /// The revisions of the protocol that this server speaks: one legacy, one modern.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning>
    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SUPPORTED: &[ProtocolVersion] =
            &[ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];
        Cow::Borrowed(SUPPORTED)
    }
}
