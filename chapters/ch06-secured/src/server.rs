//! The handler: what the server says about itself, and how a request finds its way.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::{IntoCallToolResult, ToolCallContext};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    RequestStateCodec, ServerCapabilities, ServerConfig, SubscriptionFilter,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler, tool_handler};

use crate::auth::Caller;
use crate::errors::Failure;
use crate::fetch::Fetcher;
use crate::scopes::{self, Scope};
use crate::settings::Settings;
use crate::tracker::{Connections, Tracker};
use crate::upstream::Upstream;
use crate::{limits, resources, sealed};

/// What a model should know before it calls a tool.
const INSTRUCTIONS: &str = "The project tracker of a company. `list_projects` tells the ids of the \
    projects, `list_tasks` the tasks of one. What you may do depends on who you work for.";

/// The server. Clones share everything: over HTTP, each request has one.
#[derive(Clone)]
pub struct TrackerServer {
    shared: Arc<Shared>,
    tools: ToolRouter<Self>,
}

struct Shared {
    /// Who calls if a request does not say it: whoever has started this process. Nobody over HTTP.
    local: Option<Caller>,
    connections: Connections,
    upstream: Upstream,
    fetcher: Fetcher,
    codec: RequestStateCodec,
    confirm_ttl: Duration,
    handle_ttl: Duration,
    call_budget: Duration,
}

impl TrackerServer {
    /// A server for whoever starts it as a process, over stdio.
    ///
    /// # Errors
    /// An HTTP client cannot be built.
    pub fn local(settings: Settings) -> anyhow::Result<Self> {
        Self::new(settings, Some(Caller::local()))
    }

    /// A server for callers who show a token.
    ///
    /// # Errors
    /// An HTTP client cannot be built.
    pub fn remote(settings: Settings) -> anyhow::Result<Self> {
        Self::new(settings, None)
    }

    fn new(settings: Settings, local: Option<Caller>) -> anyhow::Result<Self> {
        let (tracker, attempt) = (settings.tracker, settings.attempt_timeout);
        let shared = Shared {
            local,
            connections: Connections::new(tracker.clone(), attempt)?,
            upstream: Upstream::new(settings.upstream, tracker, attempt)?,
            fetcher: Fetcher::new(settings.fetch_hosts, settings.fetch_allow, attempt),
            codec: sealed::codec(&settings.state_key)?,
            confirm_ttl: settings.confirm_ttl,
            handle_ttl: settings.handle_ttl,
            call_budget: settings.limits.call_budget,
        };
        Ok(Self {
            shared: Arc::new(shared),
            tools: Self::project_tools()
                + Self::task_tools()
                + Self::draft_tools()
                + Self::attachment_tools(),
        })
    }

    /// Who has sent a request.
    ///
    /// # Errors
    /// Nobody knows: the request came around the gate.
    pub fn caller(&self, context: &RequestContext<RoleServer>) -> Result<Caller, ErrorData> {
        let http = context.extensions.get::<Parts>();
        let caller = match http {
            Some(parts) => parts.extensions.get::<Caller>(),
            None => self.shared.local.as_ref(),
        };
        let nobody = || ErrorData::internal_error("nobody is known to have sent this", None);
        caller.cloned().ok_or_else(nobody)
    }

    /// Who has sent a request, if it may.
    ///
    /// The gate has read the same message in its own way. This is the reading that counts.
    fn allowed(
        &self,
        context: &RequestContext<RoleServer>,
        needed: Scope,
    ) -> Result<Caller, ErrorData> {
        let caller = self.caller(context)?;
        match scopes::covers(&caller.scopes, needed) {
            true => Ok(caller),
            false => {
                let text = format!("this needs {}", needed.name());
                Err(ErrorData::invalid_request(text, None))
            }
        }
    }

    /// The tracker, for a call of `caller`.
    ///
    /// # Errors
    /// This server gets no access to it.
    pub async fn tracker(&self, caller: &Caller) -> Result<Tracker, Failure> {
        let credential = self.shared.upstream.credential(caller).await?;
        Ok(self.shared.connections.with(credential))
    }

    /// What fetches from the web.
    pub fn fetcher(&self) -> &Fetcher {
        &self.shared.fetcher
    }

    /// Signs and opens what travels through the client.
    pub fn codec(&self) -> &RequestStateCodec {
        &self.shared.codec
    }

    /// How long a question to the user stays open.
    pub fn confirm_ttl(&self) -> Duration {
        self.shared.confirm_ttl
    }

    /// How long a draft is good for.
    pub fn handle_ttl(&self) -> Duration {
        self.shared.handle_ttl
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
            .enable_resources_list_changed()
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

    /// Lists the tools that the caller may use.
    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let caller = self.caller(&context)?;
        Ok(scopes::listed(self.tools.list_all(), &caller))
    }

    /// Calls a tool, if the caller may use it and as long as it takes no longer than `CALL_BUDGET_MS`.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.allowed(&context, Scope::of_tool(&request.name))?;
        let call = self
            .tools
            .call(ToolCallContext::new(self, request, context));
        match limits::in_time(self.shared.call_budget, call).await {
            Some(reply) => reply,
            None => Failure::tool("This took too long and was given up.").into_call_tool_result(),
        }
    }

    /// Lists the tasks.
    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let caller = self.allowed(&context, Scope::Read)?;
        let tracker = self.tracker(&caller).await?;
        Ok(resources::list(&tracker).await?)
    }

    /// Reads a task.
    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = self.allowed(&context, Scope::Read)?;
        let tracker = self.tracker(&caller).await?;
        Ok(resources::read(&tracker, &request.uri).await?.into())
    }

    /// Everything may be asked for; the SDK leaves out what the capabilities do not name.
    fn accepted_subscription_filter(
        &self,
        asked: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(asked.clone())
    }

    /// Tells a client about changes until it has gone.
    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let caller = self.allowed(subscription.request_context(), Scope::Read)?;
        Ok(resources::listen(self, &caller, &subscription).await?)
    }
}
