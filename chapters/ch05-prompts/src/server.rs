//! The handler: what the server says about itself, and how a request finds its way.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::handler::server::router::prompt::PromptRouter;
use rmcp::model::{
    CompleteRequestParams, CompleteResult, Implementation, ListResourceTemplatesResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, prompt_handler};

use crate::parts::Parts;
use crate::settings::Settings;
use crate::tracker::Tracker;
use crate::{completing, resources};

/// What a model should know of this server.
const INSTRUCTIONS: &str = "Prompts for the work with the project tracker of a company; the user \
    chooses them. The board of a project is the resource tracker://projects/{project}/board.";

/// The server: a client of the tracker, and the prompts to work with it. Clones share everything.
#[derive(Clone)]
pub struct TrackerServer {
    shared: Arc<Shared>,
    prompts: PromptRouter<Self>,
}

struct Shared {
    tracker: Tracker,
    parts: Parts,
}

impl TrackerServer {
    /// A server with all prompts. Nothing is sent to the tracker yet.
    ///
    /// # Errors
    /// The HTTP client cannot be built, or a part of a prompt cannot be read.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let (url, token) = (settings.tracker_url, settings.tracker_token);
        let shared = Shared {
            tracker: Tracker::new(url, token, settings.attempt_timeout)?,
            parts: Parts::load(settings.parts_folder.as_deref())?,
        };
        Ok(Self {
            shared: Arc::new(shared),
            prompts: Self::status_prompts()
                + Self::writing_prompts()
                + Self::sprint_prompts()
                + Self::review_prompts()
                + Self::triage_prompts(),
        })
    }

    /// The tracker.
    pub fn tracker(&self) -> &Tracker {
        &self.shared.tracker
    }

    /// The parts from which the reviews are composed.
    pub fn parts(&self) -> &Parts {
        &self.shared.parts
    }
}

// The macro writes `list_prompts` and `get_prompt`. If one of them stood here, it would be replaced.
#[prompt_handler(router = self.prompts)]
impl ServerHandler for TrackerServer {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("Project tracker");
        ServerConfig::new(completing::capabilities())
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

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let completion = completing::complete(self.tracker(), &request).await?;
        Ok(CompleteResult::new(completion))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = resources::templates();
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resources::read(self.tracker(), &request.uri).await?;
        Ok(read.into())
    }
}
