//! `import_tasks` with the Tasks extension: the call is answered at once with a task, and the client
//! asks how far it is, in as many requests as it likes.
//!
//! `cargo run --example import_as_task` serves MCP on standard input and output, as the chapter's
//! server does. A client that does not know the extension gets the result, as ever, when it is there.
//! <https://modelcontextprotocol.io/extensions/tasks/overview>

use std::borrow::Cow;
use std::time::Duration;

use ch03_advanced_tools_solution::errors::Failure;
use ch03_advanced_tools_solution::import::{ImportTasks, Imported};
use ch03_advanced_tools_solution::settings::Settings;
use ch03_advanced_tools_solution::tracker::{Import, ImportState, Tracker, TrackerError};
use ch03_advanced_tools_solution::{logging, serve, signals};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResponse, CallToolResult, CancelTaskParams, CreateTaskResult, GetTaskParams,
    GetTaskResult, Implementation, ProtocolVersion, ServerCapabilities, ServerConfig,
    UpdateTaskParams,
};
use rmcp::service::RequestContext;
use rmcp::task_manager::{TaskContext, TaskExit, TaskManager, TaskOptions};
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::json;

/// How often the tracker is asked how far it is, and how often a client should ask this server.
const POLL: Duration = Duration::from_millis(100);

/// A server with one tool.
#[derive(Clone)]
struct ImportServer {
    tracker: Tracker,
    // Keeps the tasks, their states and their results, each for five minutes after its end, in this
    // process: when it ends, nobody knows of them any more.
    tasks: TaskManager,
}

#[tool_router]
impl ImportServer {
    /// Import rows into a project; each becomes a task of it. Runs in the background if the client
    /// knows the Tasks extension.
    #[tool]
    async fn import_tasks(
        &self,
        Parameters(ImportTasks { project, rows }): Parameters<ImportTasks>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, Failure> {
        let tracker = self.tracker.clone();
        let import = tracker.start_import(&project, rows).await?;
        let capabilities = context.client_capabilities();
        if !capabilities.is_some_and(|client| client.supports_tasks()) {
            let ended = follow(&tracker, import, context.ct.cancelled(), |_| ()).await?;
            return Ok(shown(ended).into());
        }
        let options = TaskOptions::new()
            .with_poll_interval_ms(POLL.as_millis() as u64)
            .with_status_message(progress(&import));
        let task = self
            .tasks
            .spawn(options, |task| Box::pin(work(tracker, import, task)));
        Ok(CreateTaskResult::new(task).into())
    }
}

/// What a task does between `tools/call` and its end.
async fn work(
    tracker: Tracker,
    import: Import,
    task: TaskContext,
) -> Result<CallToolResult, TaskExit> {
    let told = |import: &Import| task.set_status_message(progress(import));
    match follow(&tracker, import, task.cancelled(), told).await {
        Ok(import) if import.state == ImportState::Cancelled => Err(TaskExit::Cancelled),
        Ok(import) => Ok(shown(import)),
        // A task that ends with a tool error is completed. One that failed has a protocol error.
        Err(error) => match error.into() {
            Failure::Tool(result) => Ok(*result),
            Failure::Protocol(error) => Err(TaskExit::Error(error)),
        },
    }
}

/// Asks the tracker about an import until it has ended. Once `stop` is, the import is cancelled.
async fn follow(
    tracker: &Tracker,
    mut import: Import,
    stop: impl Future<Output = ()>,
    told: impl Fn(&Import),
) -> Result<Import, TrackerError> {
    let mut stop = std::pin::pin!(stop);
    while import.state == ImportState::Running {
        tokio::select! {
            () = &mut stop => return tracker.cancel_import(&import.id).await,
            () = tokio::time::sleep(POLL) => import = tracker.import(&import.id).await?,
        }
        told(&import);
    }
    Ok(import)
}

fn progress(import: &Import) -> String {
    format!("{} of {} rows", import.done, import.total)
}

fn shown(import: Import) -> CallToolResult {
    CallToolResult::structured(json!(Imported::from(import)))
}

#[tool_handler]
impl ServerHandler for ImportServer {
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new("import_as_task", env!("CARGO_PKG_VERSION"));
        // Declared here, the extension is used with every client that declares it too.
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tasks()
            .build();
        ServerConfig::new(capabilities).with_server_info(identity)
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SUPPORTED: &[ProtocolVersion] =
            &[ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];
        Cow::Borrowed(SUPPORTED)
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        self.tasks
            .get_task(&request.task_id)
            .map(GetTaskResult::new)
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.tasks
            .update_task(&request.task_id, request.input_responses)
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.tasks.cancel_task(&request.task_id)
    }
}

fn main() -> anyhow::Result<()> {
    logging::init();
    let settings = Settings::from_environment()?;
    let (url, token) = (settings.tracker_url, settings.tracker_token);
    let server = ImportServer {
        tracker: Tracker::new(url, token, settings.attempt_timeout)?,
        tasks: TaskManager::new(),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async { serve::serve(server, signals::stop_token()?).await });
    serve::end_runtime(runtime);
    Ok(ended?)
}
