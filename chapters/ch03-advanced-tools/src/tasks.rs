//! The tools about one task.

use rmcp::handler::server::tool::{
    InputResponses, IntoCallToolResult, RequestState, schema_for_output,
};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock, Resource};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ask::{self, Answer};
use crate::cut::{self, Part};
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{NewTask, State, TaskLine, Versioned};
use crate::{create, uri};

/// Bytes that the SDK may add to a result, such as `resultType` in the modern era.
const ADDED_BY_SDK: usize = 64;

/// The arguments of `get_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct GetTask {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
    /// Where the description goes on: `next_from` of the result before; the beginning if left out.
    #[serde(default)]
    pub from: usize,
}

/// The arguments of `create_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct CreateTask {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
    /// What is to be done, in 1 to 200 characters.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Who does it, as the id of a member of the project.
    pub assignee: Option<String>,
    /// The day it is due, as YYYY-MM-DD.
    pub due: Option<String>,
    /// How urgent it is: low, normal or high; normal if left out.
    pub priority: Option<String>,
    /// Its size, 0 to 100; 1 if left out.
    pub points: Option<i64>,
}

impl From<CreateTask> for NewTask {
    fn from(arguments: CreateTask) -> Self {
        // What the values may be is for the tracker to say: it has the rules.
        Self {
            project: arguments.project,
            title: arguments.title,
            description: arguments.description,
            assignee: arguments.assignee,
            due: arguments.due,
            priority: arguments.priority,
            points: arguments.points,
        }
    }
}

/// The arguments of `transition_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionTask {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
    /// The state it goes to.
    pub to: State,
}

/// The arguments of `delete_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTask {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
}

/// The result of `get_task`: a task, and as much of its description as fits.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct TaskPart {
    /// What lists show too.
    #[serde(flatten)]
    pub line: TaskLine,
    /// Names the version that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The description, or a part of it.
    pub description: String,
    /// How long the whole description is, in bytes.
    pub total_bytes: usize,
    /// What to give as `from` for the next part; absent if nothing is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_from: Option<usize>,
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
    /// Read a task. A long description comes in parts: the result says how to get the next one.
    #[tool(
        title = "Read a task",
        annotations(read_only_hint = true),
        output_schema = schema_for_output::<TaskPart>()
    )]
    async fn get_task(
        &self,
        Parameters(GetTask { task, from }): Parameters<GetTask>,
    ) -> Result<CallToolResult, Failure> {
        let found = self.tracker().task(&task).await?;
        let text = &found.task.description;
        // A result without description shows what the rest takes. The longest note is counted.
        let longest = Part {
            text: "",
            next: Some(text.len()),
        };
        let rest = json!(shown(&found, from, longest)).to_string().len();
        let budget = self
            .settings()
            .result_limit
            .saturating_sub(rest + ADDED_BY_SDK);
        let room = cut::room(text.get(from..).unwrap_or_default(), budget);
        let part = cut::cut(text, from, room).map_err(Failure::tool)?;
        Ok(shown(&found, from, part))
    }

    /// Make a task in a project. Safe against lost replies: it is made once.
    #[tool(title = "Create a task", annotations(destructive_hint = false))]
    async fn create_task(
        &self,
        Parameters(arguments): Parameters<CreateTask>,
    ) -> Result<Json<TaskLine>, Failure> {
        let budget = self.settings().call_budget;
        let task = create::create(self.tracker(), &arguments.into(), budget).await?;
        Ok(Json(task.line))
    }

    /// Move a task to another state: todo to doing, doing to todo or done, done to todo.
    #[tool(title = "Move a task", annotations(destructive_hint = false))]
    async fn transition_task(
        &self,
        Parameters(TransitionTask { task, to }): Parameters<TransitionTask>,
    ) -> Result<Json<TaskLine>, Failure> {
        let seen = self.tracker().task(&task).await?;
        // The ETag says which version this decision is about: nobody is overwritten.
        let etag = seen.etag.as_deref();
        let moved = self.tracker().transition(&task, to, etag).await?;
        Ok(Json(moved.line))
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
        // Read first: the user is to see what it is that goes.
        let line = self.tracker().task(task).await?.task.line;
        let deletion = match ask::ask(self, &line, state, answers, context).await? {
            Answer::Open(question) => return Ok(question.into()),
            Answer::No => Deletion {
                kept: Some(line.id),
                ..Deletion::default()
            },
            Answer::Yes => {
                self.tracker().delete_task(&line.id).await?;
                Deletion {
                    deleted: Some(line.id),
                    ..Deletion::default()
                }
            }
        };
        Ok(CallToolResult::structured(json!(deletion)).into())
    }
}

/// A task with a part of its description, as data, as text, and as a link to the whole.
fn shown(found: &Versioned, from: usize, part: Part<'_>) -> CallToolResult {
    let line = &found.task.line;
    let total = found.task.description.len();
    let mut result = CallToolResult::structured(json!(TaskPart {
        line: line.clone(),
        etag: found.etag.clone(),
        description: part.text.to_owned(),
        total_bytes: total,
        next_from: part.next,
    }));
    if let Some(next) = part.next {
        result.content.push(ContentBlock::text(format!(
            "Bytes {from} to {next} of {total} of the description; {} are left. \
             Call get_task with \"from\": {next} for the next part.",
            total - next
        )));
    }
    let link = Resource::new(uri::format(&line.project, &line.id), &line.id)
        .with_title(&line.title)
        .with_mime_type("application/json");
    result.content.push(ContentBlock::resource_link(link));
    result
}
