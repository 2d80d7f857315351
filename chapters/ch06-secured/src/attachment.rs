//! `import_attachment`: a file from the web becomes part of a task.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::Deserialize;

use crate::audit;
use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::Attachment;

/// The arguments of `import_attachment`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportAttachment {
    /// Id of the task, such as ATLAS-1.
    pub task: String,
    /// Where the file is, such as http://files.example.com/plan.pdf.
    pub url: String,
    /// What the file is to be called, such as plan.pdf.
    pub name: String,
}

#[tool_router(router = attachment_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Fetch a public file from the web and attach it to a task. 1 MB at most.
    #[tool(title = "Import an attachment", annotations(destructive_hint = false))]
    async fn import_attachment(
        &self,
        Parameters(ImportAttachment { task, url, name }): Parameters<ImportAttachment>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Attachment>, Failure> {
        let caller = self.caller(&context)?;
        let tracker = self.tracker(&caller).await?;
        // Fails before anything is fetched if there is no such task.
        let task = tracker.task(&task).await?.id;
        let file = self.fetcher().fetch(&url).await?;
        let attachment = tracker
            .attach(&task, &name, &file.media_type, file.bytes)
            .await?;
        audit::change(&caller, "import_attachment", &task);
        Ok(Json(attachment))
    }
}
