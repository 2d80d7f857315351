//! The tools that look around: projects, tasks by a filter, one task.

// ANCHOR: ex-8-2-b
use rmcp::handler::server::tool::schema_for_output;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, Resource};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds::{self, ID};
use crate::cut::{self, Part};
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{Project, State, TaskLine, TaskQuery, Versioned};
use crate::uri::TrackerUri;

/// Bytes that the SDK may add to a result, such as `resultType` in the modern era.
const ADDED_BY_SDK: usize = 64;

/// The arguments of `search_tasks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct SearchTasks {
    /// Which tasks; all of them if left out.
    filter: Option<TaskFilter>,
    /// How many tasks at most; 20 if left out.
    #[serde(default, deserialize_with = "crate::schema::lenient_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u32>,
    /// Where the next page begins: `next_cursor` of the page before it, with the same filter.
    cursor: Option<String>,
}

/// Which tasks. What is given must hold together.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct TaskFilter {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    project: Option<String>,
    /// How far the tasks have come.
    state: Option<State>,
    /// Id of the member who does them.
    assignee: Option<String>,
    /// Words in title or description.
    text: Option<String>,
    /// When they are due.
    due: Option<DueRange>,
}

/// Days, both of which belong to the range.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct DueRange {
    /// The first day, as YYYY-MM-DD.
    from: Option<String>,
    /// The last day, as YYYY-MM-DD.
    to: Option<String>,
}

impl SearchTasks {
    /// The query for the tracker, which knows what days and states there are.
    fn into_query(self) -> Result<TaskQuery, Failure> {
        let filter = self.filter.unwrap_or_default();
        let due = filter.due.unwrap_or_default();
        bounds::optional("project", filter.project.as_deref(), ID)?;
        bounds::optional("assignee", filter.assignee.as_deref(), ID)?;
        bounds::optional("text", filter.text.as_deref(), ID)?;
        bounds::optional("cursor", self.cursor.as_deref(), 1..=2_000)?;
        let limit = bounds::number("limit", self.limit.unwrap_or(20).into(), 1..=100)?;
        Ok(TaskQuery {
            project: filter.project,
            state: filter.state,
            assignee: filter.assignee,
            text: filter.text,
            due_from: due.from,
            due_to: due.to,
            limit: Some(limit),
            cursor: self.cursor,
        })
    }
}

/// The arguments of `get_task`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct GetTask {
    /// Id of the task, such as ATLAS-1.
    task: String,
    /// Where the description goes on: `next_from` of the result before; the beginning if left out.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    from: i64,
}

/// The result of `list_projects`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectList {
    /// All projects.
    projects: Vec<Project>,
}

/// The result of `search_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct TaskList {
    /// The tasks of this page, without their descriptions.
    tasks: Vec<TaskLine>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The result of `get_task`: a task, and as much of its description as fits.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct TaskPart {
    /// What lists show too.
    #[serde(flatten)]
    line: TaskLine,
    /// Names the version that was read; `transition_task` takes it.
    etag: String,
    /// The description, or a part of it.
    description: String,
    /// How long the whole description is, in bytes.
    total_bytes: usize,
    /// What to give as `from` for the next part; absent if nothing is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_from: Option<usize>,
}

#[tool_router(router = search_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// List all projects, with the ids that the other tools ask for.
    #[tool(title = "List projects", annotations(read_only_hint = true))]
    async fn list_projects(
        &self,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<ProjectList>, Failure> {
        let projects = self.tracker_of(&context).await?.projects().await?;
        Ok(Json(ProjectList { projects }))
    }

    /// Find tasks by project, state, assignee, words and due date, page by page.
    #[tool(title = "Search tasks", annotations(read_only_hint = true))]
    async fn search_tasks(
        &self,
        Parameters(arguments): Parameters<SearchTasks>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<TaskList>, Failure> {
        let query = arguments.into_query()?;
        let page = self.tracker_of(&context).await?.search(&query).await?;
        Ok(Json(TaskList {
            tasks: page.items,
            next_cursor: page.next_cursor,
        }))
    }

    /// Read a task. A long description comes in parts: the result says how to get the next one.
    #[tool(
        title = "Read a task",
        annotations(read_only_hint = true),
        output_schema = schema_for_output::<TaskPart>()
    )]
    async fn get_task(
        &self,
        Parameters(GetTask { task, from }): Parameters<GetTask>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, Failure> {
        bounds::characters("task", &task, ID)?;
        let from = bounds::number("from", from, 0..=1_000_000)?;
        let found = self.tracker_of(&context).await?.task(&task).await?;
        let text = &found.task.description;
        // A result without description shows what the rest takes. The longest note is counted.
        let longest = Part {
            text: "",
            next: Some(text.len()),
        };
        let rest = json!(shown(&found, from, longest)).to_string().len();
        let budget = self.result_limit().saturating_sub(rest + ADDED_BY_SDK);
        let room = cut::room(text.get(from..).unwrap_or_default(), budget);
        let part = cut::cut(text, from, room).map_err(Failure::tool)?;
        Ok(shown(&found, from, part))
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
    let uri = TrackerUri::Task {
        project: line.project.clone(),
        task: line.id.clone(),
    };
    let link = Resource::new(uri.to_string(), &line.id)
        .with_title(&line.title)
        .with_mime_type("application/json");
    result.content.push(ContentBlock::resource_link(link));
    result
}
// ANCHOR_END: ex-8-2-b
