//! The tools.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{Json, tool, tool_router};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::title::Title;
use crate::tracker::{NewTask, Task};
use crate::{create, due};

/// The arguments of `list_tasks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTasks {
    /// Id of the project, such as ATLAS.
    pub project: String,
}

/// The result of `list_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tasks {
    /// The tasks of the project.
    pub tasks: Vec<Task>,
}

/// The arguments of `get_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetTask {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
}

/// The arguments of `create_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// Id of the project, such as ATLAS.
    pub project: String,
    /// What is to be done, in 1 to 200 characters.
    pub title: String,
    /// The day it is due, as YYYY-MM-DD.
    pub due: Option<String>,
}

#[tool_router(router = tools, vis = "pub(crate)")]
impl TrackerServer {
    /// List the tasks of a project.
    #[tool(title = "List tasks", annotations(read_only_hint = true))]
    async fn list_tasks(
        &self,
        Parameters(ListTasks { project }): Parameters<ListTasks>,
    ) -> Result<Json<Tasks>, Failure> {
        let tasks = self.tracker().tasks(&project).await?;
        Ok(Json(Tasks { tasks }))
    }

    /// Look at one task.
    #[tool(title = "Get a task", annotations(read_only_hint = true))]
    async fn get_task(
        &self,
        Parameters(GetTask { task }): Parameters<GetTask>,
    ) -> Result<Json<Task>, Failure> {
        Ok(Json(self.tracker().task(&task).await?))
    }

    /// Make a task in a project.
    #[tool(title = "Create a task", annotations(destructive_hint = false))]
    async fn create_task(
        &self,
        Parameters(CreateTask {
            project,
            title,
            due,
        }): Parameters<CreateTask>,
    ) -> Result<Json<Task>, Failure> {
        let title = Title::parse(&title).map_err(|problem| Failure::new(problem.to_string()))?;
        if let Some(day) = &due {
            due::check(day).map_err(|problem| Failure::new(problem.to_string()))?;
        }
        let task = NewTask {
            project,
            title,
            due,
        };
        let made = create::create(self.tracker(), &task, self.call_budget()).await?;
        Ok(Json(made))
    }
}
