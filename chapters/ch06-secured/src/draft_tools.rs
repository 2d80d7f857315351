//! Tools for tasks that are made together. A draft is kept by nobody: it is its handle.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::SealOptions;
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::NewTask;
use crate::{audit, sealed};

/// What a handle is for.
const PURPOSE: &str = "draft";

/// So many tasks fit into one draft.
const MOST_TITLES: usize = 20;

/// For the model: the way on from a handle that does not open.
const NO_DRAFT: &str =
    "This draft has expired, or it is not one of yours. Make a new one with draft_tasks.";

/// The arguments of `draft_tasks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftTasks {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
    /// What is to be done: 1 to 20 titles of 1 to 200 characters.
    #[schemars(length(min = 1, max = 20))]
    pub titles: Vec<String>,
}

/// The arguments of `submit_draft`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitDraft {
    /// The handle that `draft_tasks` gave.
    pub draft: String,
}

/// The result of `draft_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drafted {
    /// The handle: what `submit_draft` asks for.
    pub draft: String,
}

/// The result of `submit_draft`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Created {
    /// Ids of the tasks, in the order of the draft.
    pub created: Vec<String>,
}

/// What a handle holds, signed.
#[derive(Debug, Serialize, Deserialize)]
struct Draft {
    /// Makes submitting repeatable: the tracker makes one task for each key.
    key: String,
    project: String,
    titles: Vec<String>,
}

#[tool_router(router = draft_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Draft tasks that submit_draft makes together. The result has a handle, which is good for 30
    /// minutes, for you alone. Nothing is made yet.
    #[tool(
        title = "Draft tasks",
        annotations(read_only_hint = true, open_world_hint = false)
    )]
    async fn draft_tasks(
        &self,
        Parameters(DraftTasks { project, titles }): Parameters<DraftTasks>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Drafted>, Failure> {
        if !(1..=MOST_TITLES).contains(&titles.len()) {
            return Err(Failure::tool(format!("titles must be 1 to {MOST_TITLES}.")));
        }
        let draft = Draft {
            key: uuid::Uuid::new_v4().to_string(),
            project,
            titles,
        };
        let bound = sealed::bound_to(PURPOSE, &self.caller(&context)?);
        let options = SealOptions::new()
            .associated_data(&bound)
            .ttl(self.handle_ttl());
        let draft = self.codec().seal_json_with(&draft, &options);
        let draft = draft.map_err(Failure::broken)?;
        Ok(Json(Drafted { draft }))
    }

    /// Make all tasks of a draft. A second time makes nothing more.
    #[tool(
        title = "Submit a draft",
        annotations(destructive_hint = false, idempotent_hint = true)
    )]
    async fn submit_draft(
        &self,
        Parameters(SubmitDraft { draft }): Parameters<SubmitDraft>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Created>, Failure> {
        let caller = self.caller(&context)?;
        let bound = sealed::bound_to(PURPOSE, &caller);
        let draft: Result<Draft, _> = self.codec().open_json_with(&draft, &bound);
        let draft = draft.map_err(|_| Failure::tool(NO_DRAFT))?;
        let tracker = self.tracker(&caller).await?;
        let mut created = Vec::new();
        for (place, title) in draft.titles.iter().enumerate() {
            let task = NewTask {
                project: &draft.project,
                title,
            };
            let key = format!("{}-{place}", draft.key);
            created.push(tracker.create_task(&task, &key).await?.id);
        }
        audit::change(&caller, "submit_draft", &created.join(" "));
        Ok(Json(Created { created }))
    }
}
