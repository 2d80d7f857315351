//! The handler: what the server says about itself, and how a request finds its way.

// STARTER 8.1: use rmcp::ServerHandler;
// STARTER 8.1: use rmcp::model::{ServerCapabilities, ServerConfig};
// STARTER 8.1: use tokio_util::sync::CancellationToken;
// STARTER 8.1:
// STARTER 8.1: use crate::settings::Settings;
// STARTER 8.1:
// STARTER 8.1: /// The server. It answers, and offers nothing yet: `SPEC.md` says what is to come.
// STARTER 8.1: #[derive(Clone)]
// STARTER 8.1: pub struct TrackerServer;
// STARTER 8.1:
// STARTER 8.1: impl TrackerServer {
// STARTER 8.1:     /// A server for whoever starts it as a process, over stdio.
// STARTER 8.1:     ///
// STARTER 8.1:     /// # Errors
// STARTER 8.1:     /// None yet.
// STARTER 8.1:     pub fn local(_: Settings, _: CancellationToken) -> anyhow::Result<Self> {
// STARTER 8.1:         Ok(Self)
// STARTER 8.1:     }
// STARTER 8.1:
// STARTER 8.1:     /// Waits until no call is under way. There are none yet.
// STARTER 8.1:     pub async fn let_calls_end(&self) {}
// STARTER 8.1: }
// STARTER 8.1:
// STARTER 8.1: impl ServerHandler for TrackerServer {
// STARTER 8.1:     fn get_info(&self) -> ServerConfig {
// STARTER 8.1:         ServerConfig::new(ServerCapabilities::default())
// STARTER 8.1:     }
// STARTER 8.1: }
// ANCHOR: ex-8-1
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use rmcp::handler::server::router::prompt::PromptRouter;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::{IntoCallToolResult, ToolCallContext};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, Implementation,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse, RequestStateCodec,
    ServerCapabilities, ServerConfig, SubscribeRequestParams, SubscriptionFilter,
    UnsubscribeRequestParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler, prompt_handler, tool_handler};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use tokio_util::sync::CancellationToken;

use crate::auth::Caller;
use crate::errors::Failure;
use crate::notices::{self, Reader, Subscriptions};
use crate::scopes::{self, Scope};
use crate::settings::{LimitSettings, Settings};
use crate::tracker::{Connections, Tracker};
use crate::upstream::Upstream;
use crate::{completing, guard, limits, listing, reading, sealed};

/// What a model should know before it calls a tool.
const INSTRUCTIONS: &str = "The project tracker of a company. `list_projects` tells the ids of the \
    projects, `search_tasks` finds tasks, `get_task` reads one. `plan_milestones` proposes days, and \
    `apply_plan` sets them. What you may do depends on who you work for.";

/// How long calls that were cancelled may clean up before the process ends.
const LAST_CALLS: Duration = Duration::from_secs(1);

/// So long after the process was told to stop, a call that takes long gives up. Its caller can still be
/// told then: over stdio the SDK waits two seconds for the last replies.
const LAST_MOMENT: Duration = Duration::from_millis(1500);

/// Held as long as the process should not end.
pub type UnderWay = OwnedRwLockReadGuard<()>;

/// The server. Clones share everything: over HTTP, each request has one.
#[derive(Clone)]
pub struct TrackerServer {
    shared: Arc<Shared>,
    tools: ToolRouter<Self>,
    prompts: PromptRouter<Self>,
}

struct Shared {
    /// Who calls if a request does not say it: whoever has started this process. Nobody over HTTP.
    local: Option<Caller>,
    connections: Connections,
    upstream: Upstream,
    codec: RequestStateCodec,
    confirm_ttl: Duration,
    handle_ttl: Duration,
    limits: LimitSettings,
    result_limit: u64,
    subscriptions: Subscriptions,
    /// Cancelled when the process is told to stop. Calls go on for a while then, subscriptions do not.
    stop: CancellationToken,
    /// Locked for reading by every call, as long as it takes.
    calls: Arc<RwLock<()>>,
}

impl TrackerServer {
    /// A server for whoever starts it as a process, over stdio.
    ///
    /// # Errors
    /// An HTTP client cannot be built.
    pub fn local(settings: Settings, stop: CancellationToken) -> anyhow::Result<Self> {
        Self::new(settings, stop, Some(Caller::local()))
    }

    /// A server for callers who show a token.
    ///
    /// # Errors
    /// An HTTP client cannot be built.
    pub fn remote(settings: Settings, stop: CancellationToken) -> anyhow::Result<Self> {
        Self::new(settings, stop, None)
    }

    fn new(
        settings: Settings,
        stop: CancellationToken,
        local: Option<Caller>,
    ) -> anyhow::Result<Self> {
        let (tracker, attempt) = (settings.tracker, settings.attempt_timeout);
        let shared = Shared {
            local,
            connections: Connections::new(tracker.clone(), attempt)?,
            upstream: Upstream::new(settings.upstream, tracker, attempt)?,
            codec: sealed::codec(&settings.state_key)?,
            confirm_ttl: settings.confirm_ttl,
            handle_ttl: settings.handle_ttl,
            limits: settings.limits,
            result_limit: settings.result_limit,
            subscriptions: Subscriptions::default(),
            stop,
            calls: Arc::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            tools: Self::search_tools()
                + Self::task_tools()
                + Self::plan_tools()
                + Self::import_tools(),
            prompts: Self::sprint_prompts() + Self::triage_prompts(),
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

    /// The tracker, for whoever has sent a request that only looks.
    ///
    /// # Errors
    /// They may not, or this server gets no access.
    pub async fn tracker_of(
        &self,
        context: &RequestContext<RoleServer>,
    ) -> Result<Tracker, Failure> {
        let caller = self.allowed(context, Scope::Read)?;
        self.tracker(&caller).await
    }

    /// Says that something is under way until the value is dropped.
    pub async fn under_way(&self) -> UnderWay {
        Arc::clone(&self.shared.calls).read_owned().await
    }

    /// Waits until nothing is under way, one second at most.
    ///
    /// The SDK cancels the calls that are left when it has served, and goes. What they stop
    /// elsewhere takes a moment longer.
    pub async fn let_calls_end(&self) {
        // Whoever takes longer than that is left behind.
        let _ = tokio::time::timeout(LAST_CALLS, self.shared.calls.write()).await;
    }

    /// Waits until the process is about to end.
    pub async fn last_moment(&self) {
        self.shared.stop.cancelled().await;
        tokio::time::sleep(LAST_MOMENT).await;
    }

    /// Signs and opens what travels through the client.
    pub fn codec(&self) -> &RequestStateCodec {
        &self.shared.codec
    }

    /// How long a question to the user stays open.
    pub fn confirm_ttl(&self) -> Duration {
        self.shared.confirm_ttl
    }

    /// How long a plan is good for.
    pub fn handle_ttl(&self) -> Duration {
        self.shared.handle_ttl
    }

    /// How long a call may go on trying.
    pub fn call_budget(&self) -> Duration {
        self.shared.limits.call_budget
    }

    /// How many bytes a result may have.
    pub fn result_limit(&self) -> usize {
        usize::try_from(self.shared.result_limit).unwrap_or(usize::MAX)
    }

    /// How long a tool may take; one that waits for a person has no limit but that of its question.
    fn budget_of(&self, tool: &str) -> Duration {
        match tool {
            "import_tasks" => self.shared.limits.import_budget,
            "delete_task" => self.shared.confirm_ttl + self.shared.limits.call_budget,
            _ => self.shared.limits.call_budget,
        }
    }
}

#[tool_handler(router = self.tools)]
#[prompt_handler(router = self.prompts)]
impl ServerHandler for TrackerServer {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("Project tracker");
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_completions()
            .enable_resources()
            .enable_resources_list_changed()
            .enable_resources_subscribe()
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

    /// Calls a tool, if the caller may use it and as long as it does not take too long.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let _under_way = self.under_way().await;
        self.allowed(&context, Scope::of_tool(&request.name))?;
        let (tool, budget) = (request.name.clone(), self.budget_of(&request.name));
        let call = self
            .tools
            .call(ToolCallContext::new(self, request, context));
        match limits::in_time(budget, guard::guarded(&tool, call)).await {
            Some(reply) => reply,
            None => Failure::tool("This took too long and was given up.").into_call_tool_result(),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        listing::list(&self.tracker_of(&context).await?, cursor.as_deref()).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = listing::templates();
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let tracker = self.tracker_of(&context).await?;
        Ok(reading::read(&tracker, &request.uri).await?.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let tracker = self.tracker_of(&context).await?;
        let completion = completing::complete(&tracker, &request).await?;
        Ok(CompleteResult::new(completion))
    }

    fn accepted_subscription_filter(
        &self,
        asked: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        notices::accepted(asked)
    }

    /// Tells a modern client about changes until it has gone.
    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let caller = self.allowed(subscription.request_context(), Scope::Read)?;
        let reader = Reader::begin(self.clone(), caller).await;
        tokio::select! {
            // Its end is a result, so that the client knows that it was no accident.
            () = self.shared.stop.cancelled() => Ok(()),
            ended = notices::listen(reader, subscription) => ended,
        }
    }

    /// A legacy client has connected. Over HTTP there is no connection that stays, and nobody to tell.
    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if let Some(caller) = self.shared.local.clone() {
            let subscriptions = &self.shared.subscriptions;
            subscriptions
                .begin(self.clone(), caller, context.peer)
                .await;
        }
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        // Nothing is kept for a client that cannot be told.
        let Some(caller) = self.shared.local.clone() else {
            let text = "over HTTP, subscribe with revision 2026-07-28";
            return Err(ErrorData::invalid_request(text, None));
        };
        let subscriptions = &self.shared.subscriptions;
        subscriptions.subscribe(request.uri);
        // `notifications/initialized` may still be on its way to its handler.
        subscriptions
            .begin(self.clone(), caller, context.peer)
            .await;
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.shared.subscriptions.unsubscribe(&request.uri);
        Ok(())
    }
}
// ANCHOR_END: ex-8-1
