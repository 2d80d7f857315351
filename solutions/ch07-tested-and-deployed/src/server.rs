//! The handler: what the server says about itself, and how a request finds its way.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use rmcp::handler::server::prompt::PromptContext;
use rmcp::handler::server::router::prompt::PromptRouter;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::ToolCallContext;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, GetPromptRequestParams, GetPromptResponse,
    Implementation, ListPromptsResult, ListResourceTemplatesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

use crate::planted::planted;
use crate::settings::Settings;
use crate::tracker::Tracker;
use crate::{resources, watch};

/// What a model should know before it calls a tool.
const INSTRUCTIONS: &str = "The project tracker of a company: `list_tasks` tells the tasks of a \
    project, such as ATLAS.";

/// The server. Clones share everything: over HTTP, each request has one.
#[derive(Clone)]
pub struct TrackerServer {
    tracker: Tracker,
    call_budget: Duration,
    tools: Arc<ToolRouter<Self>>,
    prompts: Arc<PromptRouter<Self>>,
}

impl TrackerServer {
    /// A server for the tracker that the settings name. Nothing is sent there yet.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(settings: Settings) -> reqwest::Result<Self> {
        let (url, token) = (settings.tracker_url, settings.tracker_token);
        Ok(Self {
            tracker: Tracker::new(url, token, settings.attempt_timeout)?,
            call_budget: settings.call_budget,
            tools: Arc::new(Self::tools()),
            prompts: Arc::new(Self::prompts()),
        })
    }

    /// The tracker.
    pub fn tracker(&self) -> &Tracker {
        &self.tracker
    }

    /// How long a call of a tool may go on trying.
    pub fn call_budget(&self) -> Duration {
        self.call_budget
    }
}

// Every method is written out: each request gets a span around it. See `watch`.
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
            .enable_prompts()
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

    /// Lists the tools.
    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let listed = async {
            let mut tools = self.tools.list_all();
            if planted(9) {
                rename(&mut tools, "create_task", "title", "name");
            }
            Ok(ListToolsResult::with_all_items(tools))
        };
        watch::request(watch::span("tools/list", "", &context.meta), listed).await
    }

    /// Calls a tool.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let span = watch::span("tools/call", &request.name, &context.meta);
        if planted(7) {
            println!("calling {}", request.name);
        }
        let revision = context.protocol_version();
        let legacy = revision.is_some_and(|revision| revision.has_initialize());
        let call = async {
            let call = ToolCallContext::new(self, request, context);
            let mut reply = self.tools.call(call).await?;
            if let CallToolResponse::Complete(result) = &mut reply {
                // Here, since the SDK marks as an error whatever a tool returns in `Err`.
                if planted(3) {
                    result.is_error = Some(false);
                }
                if planted(4) && legacy {
                    result.structured_content = None;
                }
            }
            Ok(reply)
        };
        watch::request(span, call).await
    }

    /// Tells a schema, for the SDK.
    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.get(name).cloned()
    }

    /// Lists what the addresses of tasks look like.
    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let listed = async {
            let templates = resources::templates();
            Ok(ListResourceTemplatesResult::with_all_items(templates))
        };
        let span = watch::span("resources/templates/list", "", &context.meta);
        watch::request(span, listed).await
    }

    /// Reads a task.
    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = async {
            let read = resources::read(self.tracker(), &request.uri).await;
            read.map(ReadResourceResponse::from)
        };
        let span = watch::span("resources/read", &request.uri, &context.meta);
        watch::request(span, read).await
    }

    /// Lists the prompts.
    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let listed = async { Ok(ListPromptsResult::with_all_items(self.prompts.list_all())) };
        watch::request(watch::span("prompts/list", "", &context.meta), listed).await
    }

    /// Fills in a prompt.
    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let span = watch::span("prompts/get", &request.name, &context.meta);
        let call = PromptContext::new(self, request.name, request.arguments, context);
        watch::request(span, self.prompts.get_prompt(call)).await
    }
}

/// Gives an argument of a tool another name in the list; the tool itself goes on asking for the old one.
fn rename(tools: &mut [Tool], tool: &str, from: &str, to: &str) {
    let Some(tool) = tools.iter_mut().find(|listed| listed.name == tool) else {
        return;
    };
    let text = serde_json::Value::Object((*tool.input_schema).clone()).to_string();
    let text = text.replace(&format!("\"{from}\""), &format!("\"{to}\""));
    if let Ok(schema) = serde_json::from_str(&text) {
        tool.input_schema = Arc::new(schema);
    }
}
