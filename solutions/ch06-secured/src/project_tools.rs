//! The tools that only look.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{Project, TaskLine};

/// The arguments of `list_tasks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTasks {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
}

/// The result of `list_projects`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Projects {
    /// All projects.
    pub projects: Vec<Project>,
}

/// The result of `list_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tasks {
    /// All tasks of the project.
    pub tasks: Vec<TaskLine>,
}

#[tool_router(router = project_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// List the projects of the company.
    #[tool(title = "List projects", annotations(read_only_hint = true))]
    async fn list_projects(
        &self,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Projects>, Failure> {
        let tracker = self.tracker(&self.caller(&context)?).await?;
        let projects = tracker.projects().await?;
        Ok(Json(Projects { projects }))
    }

    /// List the tasks of a project.
    #[tool(title = "List tasks", annotations(read_only_hint = true))]
    async fn list_tasks(
        &self,
        Parameters(ListTasks { project }): Parameters<ListTasks>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Tasks>, Failure> {
        let tracker = self.tracker(&self.caller(&context)?).await?;
        let tasks = tracker.tasks(&project).await?;
        Ok(Json(Tasks { tasks }))
    }
}
