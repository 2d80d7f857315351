//! The tools that change a task.

use rmcp::handler::server::tool::{
    InputResponses, IntoCallToolResult, RequestState, schema_for_output,
};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResponse, CallToolResult};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ask::{self, Answer};
use crate::audit;
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{NewTask, TaskLine};

/// The arguments of `create_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
    /// What is to be done, in 1 to 200 characters.
    pub title: String,
}

/// The arguments of `delete_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTask {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
}

/// The result of `delete_task`: one of the two.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Deletion {
    /// Id of the task that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<String>,
    /// Id of the task that is still there, because the user did not agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

#[tool_router(router = task_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Make a task in a project.
    #[tool(title = "Create a task", annotations(destructive_hint = false))]
    async fn create_task(
        &self,
        Parameters(CreateTask { project, title }): Parameters<CreateTask>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<TaskLine>, Failure> {
        let caller = self.caller(&context)?;
        let tracker = self.tracker(&caller).await?;
        let task = NewTask {
            project: &project,
            title: &title,
        };
        let key = uuid::Uuid::new_v4().to_string();
        let task = tracker.create_task(&task, &key).await?;
        audit::change(&caller, "create_task", &task.id);
        Ok(Json(task))
    }

    /// Delete a task for good, after the user has agreed.
    #[tool(
        title = "Delete a task",
        annotations(destructive_hint = true, idempotent_hint = true),
        output_schema = schema_for_output::<Deletion>()
    )]
    async fn delete_task(
        &self,
        Parameters(DeleteTask { task }): Parameters<DeleteTask>,
        RequestState(state): RequestState,
        InputResponses(answers): InputResponses,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let deletion = self.delete(&task, state, answers, &context).await;
        deletion.into_call_tool_result()
    }
}

impl TrackerServer {
    async fn delete(
        &self,
        task: &str,
        state: Option<String>,
        answers: Option<rmcp::model::InputResponses>,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, Failure> {
        let caller = self.caller(context)?;
        let tracker = self.tracker(&caller).await?;
        // Read first: the user is to see what it is that goes.
        let line = tracker.task(task).await?;
        let mut deletion = Deletion::default();
        match ask::ask(self, &caller, &line, state, answers, context).await? {
            Answer::Open(question) => return Ok(question.into()),
            Answer::No => deletion.kept = Some(line.id),
            Answer::Yes => {
                tracker.delete_task(&line.id).await?;
                audit::change(&caller, "delete_task", &line.id);
                deletion.deleted = Some(line.id);
            }
        }
        Ok(CallToolResult::structured(json!(deletion)).into())
    }
}
