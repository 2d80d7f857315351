//! The handler: what the server says about itself, and how a request finds its way.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListResourceTemplatesResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    RequestStateCodec, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool_handler};
use tokio::sync::RwLock;

use crate::drafts::Drafts;
use crate::settings::Settings;
use crate::tracker::Tracker;
use crate::{guard, resources};

/// What a model should know before it calls a tool.
const INSTRUCTIONS: &str = "The project tracker of a company. `list_projects` tells the ids of the \
    projects, `search_tasks` finds tasks, `get_task` reads one.";

/// How long calls that were cancelled may clean up before the process ends.
const LAST_CALLS: Duration = Duration::from_secs(1);

/// The server: a client of the tracker, and the tools to work with it. Clones share everything.
#[derive(Clone)]
pub struct TrackerServer {
    shared: Arc<Shared>,
    tools: ToolRouter<Self>,
}

struct Shared {
    tracker: Tracker,
    drafts: Drafts,
    codec: RequestStateCodec,
    settings: Settings,
    /// Locked for reading by every call, as long as it takes.
    calls: RwLock<()>,
}

impl TrackerServer {
    /// A server with all tools. Nothing is sent to the tracker yet.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let (url, token) = (settings.tracker_url.clone(), settings.tracker_token.clone());
        let shared = Shared {
            tracker: Tracker::new(url, token, settings.attempt_timeout)?,
            drafts: Drafts::new(settings.handle_ttl),
            codec: RequestStateCodec::try_new(settings.state_key.clone())?,
            settings,
            calls: RwLock::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            tools: Self::search_tools()
                + Self::task_tools()
                + Self::import_tools()
                + Self::velocity_tools()
                + Self::draft_tools(),
        })
    }

    /// The tracker.
    pub fn tracker(&self) -> &Tracker {
        &self.shared.tracker
    }

    /// The drafts of all callers.
    pub fn drafts(&self) -> &Drafts {
        &self.shared.drafts
    }

    /// Signs and opens what travels through the client in `requestState`.
    pub fn codec(&self) -> &RequestStateCodec {
        &self.shared.codec
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Waits until no call is under way, one second at most.
    ///
    /// The SDK cancels the calls that are left when it has served, and goes. What they stop
    /// elsewhere takes a moment longer.
    pub async fn let_calls_end(&self) {
        // Whoever takes longer than that is left behind.
        let _ = tokio::time::timeout(LAST_CALLS, self.shared.calls.write()).await;
    }

    /// All tools.
    pub fn tools(&self) -> &ToolRouter<Self> {
        &self.tools
    }
}

#[tool_handler(router = self.tools)]
impl ServerHandler for TrackerServer {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("Project tracker");
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .build();
        ServerConfig::new(capabilities)
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

    /// Calls a tool. Written out, since every call passes the guard.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let _under_way = self.shared.calls.read().await;
        guard::call(self, request, context).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = vec![resources::template()];
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
