//! The tools that change one task.

// ANCHOR: ex-8-3-b
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
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
use crate::auth::Caller;
use crate::bounds::{self, ID};
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{NewTask, Priority, State, TaskLine, TrackerError};
use crate::{audit, create};

/// The arguments of `create_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct CreateTask {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    project: String,
    /// What is to be done, in 1 to 200 characters.
    #[schemars(length(min = 1, max = 200))]
    title: String,
    /// What it is about, in 100,000 bytes at most.
    description: Option<String>,
    /// Who does it, as the id of a member of the project.
    assignee: Option<String>,
    /// The day it is due, as YYYY-MM-DD.
    due: Option<String>,
    /// How urgent it is; normal if left out.
    priority: Option<Priority>,
    /// Its size; 1 if left out.
    #[schemars(range(min = 0, max = 100))]
    points: Option<i64>,
    /// A name of your choice for this creation, 8 to 64 characters out of A-Z, a-z, 0-9, - and _. A call
    /// that is repeated with the same one makes nothing more. A new one for each call if left out.
    #[schemars(length(min = 8, max = 64))]
    request_key: Option<String>,
}

impl CreateTask {
    /// The task, and what its creation is called at the tracker.
    fn checked(self, caller: &Caller) -> Result<(NewTask, String), Failure> {
        bounds::characters("project", &self.project, ID)?;
        bounds::characters("title", &self.title, 1..=200)?;
        bounds::bytes("description", self.description.as_deref(), 100_000)?;
        bounds::optional("assignee", self.assignee.as_deref(), ID)?;
        let points = self
            .points
            .map(|points| bounds::number("points", points, 0..=100));
        let key = match &self.request_key {
            None => uuid::Uuid::new_v4().to_string(),
            Some(key) => {
                bounds::request_key(key)?;
                // Two callers may choose the same word: who is calling belongs to the key.
                let caller = utf8_percent_encode(&caller.subject, NON_ALPHANUMERIC);
                format!("{caller}:{key}")
            }
        };
        let task = NewTask {
            project: self.project,
            title: self.title,
            description: self.description,
            assignee: self.assignee,
            due: self.due,
            priority: self.priority,
            points: points.transpose()?,
        };
        Ok((task, key))
    }
}

/// The arguments of `transition_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionTask {
    /// Id of the task, such as ATLAS-1.
    task: String,
    /// The state it goes to.
    to: State,
    /// The version that you have seen, as `get_task` gave it; the one of this moment if left out.
    etag: Option<String>,
}

/// The result of `transition_task`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct Moved {
    /// The task as it is now.
    #[serde(flatten)]
    line: TaskLine,
    /// Names this version.
    etag: String,
}

/// The arguments of `delete_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTask {
    /// Id of the task, such as ATLAS-1.
    task: String,
}

/// The result of `delete_task`: one of the two.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Deletion {
    /// Id of the task that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<String>,
    /// Id of the task that is still there, because the user did not agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
}

#[tool_router(router = task_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Make a task in a project. Safe against lost replies: it is made once.
    #[tool(title = "Create a task", annotations(destructive_hint = false))]
    async fn create_task(
        &self,
        Parameters(arguments): Parameters<CreateTask>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<TaskLine>, Failure> {
        let caller = self.caller(&context)?;
        let (task, key) = arguments.checked(&caller)?;
        let tracker = self.tracker(&caller).await?;
        let task = create::create(&tracker, &task, &key, self.call_budget());
        let line = task.await.map_err(of_the_key)?.line;
        audit::change(&caller, "create_task", &line.id);
        Ok(Json(line))
    }

    /// Move a task to another state: todo to doing, doing to todo or done, done to todo.
    #[tool(title = "Move a task", annotations(destructive_hint = false))]
    async fn transition_task(
        &self,
        Parameters(TransitionTask { task, to, etag }): Parameters<TransitionTask>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Moved>, Failure> {
        bounds::characters("task", &task, ID)?;
        bounds::optional("etag", etag.as_deref(), 1..=100)?;
        let caller = self.caller(&context)?;
        let tracker = self.tracker(&caller).await?;
        // The ETag says which version this decision is about: nobody is overwritten.
        let etag = match etag {
            Some(etag) => etag,
            None => tracker.task(&task).await?.etag,
        };
        let moved = tracker.transition(&task, to, &etag).await?;
        audit::change(&caller, "transition_task", &task);
        Ok(Json(Moved {
            line: moved.task.line,
            etag: moved.etag,
        }))
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
        bounds::characters("task", task, ID)?;
        let caller = self.caller(context)?;
        let tracker = self.tracker(&caller).await?;
        // Read first: the user is to see what it is that goes.
        let line = tracker.task(task).await?.task.line;
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

/// The tracker knows the header, and the model the argument.
fn of_the_key(error: TrackerError) -> Failure {
    if let TrackerError::Refused { problem, .. } = &error
        && problem.field.as_deref() == Some("Idempotency-Key")
    {
        return Failure::tool(
            "This request_key was used for another task. Take a new one to make a further task.",
        );
    }
    error.into()
}
// ANCHOR_END: ex-8-3-b
