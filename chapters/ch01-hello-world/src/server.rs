//! The handler: what the server says about itself, and its tools.

use std::borrow::Cow;
use std::time::Duration;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::ToolCallContext;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ProtocolVersion, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, schemars, tool, tool_handler, tool_router};

use crate::greeting::{self, Language};
use crate::{caller, lifecycle};

/// The longest that `wait` waits, in milliseconds.
const LONGEST_WAIT: u32 = 10_000;

/// The arguments of `greet`.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
pub struct GreetArguments {
    /// Who is greeted.
    name: String,
    /// The language of the greeting; English if left out.
    language: Option<Language>,
}

/// The arguments of `wait`.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
pub struct WaitArguments {
    /// How long, in milliseconds.
    #[schemars(range(max = 10_000))]
    millis: u32,
}

/// The server. It keeps nothing about its client: every request says what there is to know.
#[derive(Debug)]
pub struct Greeter {
    tools: ToolRouter<Self>,
}

// Makes `tool_router()`: the schemas of the tools below, and the way to them.
#[tool_router]
impl Greeter {
    /// A server with all its tools.
    pub fn new() -> Self {
        Self {
            tools: Self::tool_router(),
        }
    }

    /// Greet somebody by name.
    #[tool]
    async fn greet(&self, Parameters(arguments): Parameters<GreetArguments>) -> String {
        let text = greeting::greet(&arguments.name, arguments.language);
        tracing::info!("greeting sent");
        text
    }

    /// Tell which client sent this request, and which era of the protocol it speaks.
    #[tool]
    async fn whoami(&self, context: RequestContext<RoleServer>) -> Result<String, ErrorData> {
        caller::describe(&context)
    }

    /// Wait, then answer. For trying out what happens to a call that takes its time.
    #[tool]
    async fn wait(
        &self,
        Parameters(WaitArguments { millis }): Parameters<WaitArguments>,
    ) -> Result<String, String> {
        // The schema says so too, but nobody enforces it: a client may send what it likes.
        if millis > LONGEST_WAIT {
            return Err(format!("millis must be at most {LONGEST_WAIT}"));
        }
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
        Ok(format!("waited {millis} ms"))
    }
}

impl Default for Greeter {
    fn default() -> Self {
        Self::new()
    }
}

#[tool_handler(router = self.tools)]
impl ServerHandler for Greeter {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        // Exercise 1.1 begins. Hint: cargo xtask hint 1.1
        ServerConfig::new(capabilities)
        // Exercise 1.1 ends.
    }

    /// The revisions of the protocol that this server speaks.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning>
    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        // Exercise 1.4 begins. Hint: cargo xtask hint 1.4
        Cow::Borrowed(ProtocolVersion::KNOWN_VERSIONS)
        // Exercise 1.4 ends.
    }

    /// Every tool call passes here on its way from the service to its tool.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        lifecycle::at_each_call()
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        self.tools
            .call(ToolCallContext::new(self, request, context))
            .await
    }
}
