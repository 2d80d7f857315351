//! The tools that look around: projects, and tasks by a filter.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{Json, tool, tool_router};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::{Project, State, TaskLine, TaskQuery};

/// So many tasks are on a page if nobody says.
const DEFAULT_LIMIT: u32 = 20;

/// More than this many pages of projects is a tracker that counts in circles.
const MOST_PAGES: usize = 100;

// Exercise 3.1 begins. Hint: cargo xtask hint 3.1
/// The arguments of `search_tasks`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct SearchTasks {
    filter: Option<serde_json::Map<String, serde_json::Value>>,
    limit: Option<u32>,
    cursor: Option<String>,
}
// Exercise 3.1 ends.

/// A search as this module understands it, whatever type its arguments had.
#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    filter: Option<Filter>,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Filter {
    project: Option<String>,
    state: Option<State>,
    assignee: Option<String>,
    text: Option<String>,
    #[serde(default)]
    due: Option<Due>,
}

#[derive(Debug, Default, Deserialize)]
struct Due {
    from: Option<String>,
    to: Option<String>,
}

impl Search {
    /// Reads the arguments of a tool, whatever their type: only the field names count.
    fn from_arguments(arguments: &impl Serialize) -> Result<Self, Failure> {
        serde_json::to_value(arguments)
            .and_then(serde_json::from_value)
            .map_err(|error| Failure::tool(format!("the arguments make no search: {error}")))
    }

    /// The query for the tracker.
    fn into_query(self) -> Result<TaskQuery, Failure> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        // The schema says so, but nobody holds a caller to it.
        if !(1..=100).contains(&limit) {
            return Err(Failure::tool(format!(
                "limit must be from 1 to 100, got {limit}"
            )));
        }
        let filter = self.filter.unwrap_or_default();
        let due = filter.due.unwrap_or_default();
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

/// The result of `list_projects`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectList {
    /// All projects.
    pub projects: Vec<Project>,
}

/// The result of `search_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct TaskList {
    /// The tasks of this page, without their descriptions.
    pub tasks: Vec<TaskLine>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[tool_router(router = search_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// List all projects, with the ids that the other tools ask for.
    #[tool(title = "List projects", annotations(read_only_hint = true))]
    async fn list_projects(&self) -> Result<Json<ProjectList>, Failure> {
        let mut projects = Vec::new();
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let page = self.tracker().projects(cursor.as_deref()).await?;
            projects.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Ok(Json(ProjectList { projects }))
    }

    /// Find tasks by project, state, assignee, words and due date, page by page.
    #[tool(title = "Search tasks", annotations(read_only_hint = true))]
    async fn search_tasks(
        &self,
        Parameters(arguments): Parameters<SearchTasks>,
    ) -> Result<Json<TaskList>, Failure> {
        let query = Search::from_arguments(&arguments)?.into_query()?;
        let page = self.tracker().tasks(&query).await?;
        Ok(Json(TaskList {
            tasks: page.items,
            next_cursor: page.next_cursor,
        }))
    }
}
