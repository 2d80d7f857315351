//! `import_tasks`: work that takes longer than a caller likes to wait.

// ANCHOR: ex-8-4
use std::time::Duration;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use crate::audit;
use crate::auth::Caller;
use crate::bounds::{self, ID};
use crate::errors::Failure;
use crate::progress::Progress;
use crate::server::{TrackerServer, UnderWay};
use crate::tracker::{Import, ImportState, Tracker, TrackerError};

/// How often the tracker is asked how far it is.
const POLL: Duration = Duration::from_millis(50);

/// So many questions in a row may fail before the import is given up.
const MOST_FAILURES: u32 = 5;

/// For the model, when the process ends before the import does.
const STOPPED: &str = "This server is being stopped, and the import was stopped with it. Rows that were \
    done are tasks. Look how many there are, then import the others.";

/// The arguments of `import_tasks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct ImportTasks {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    project: String,
    /// How many rows, each of which becomes a task.
    #[schemars(range(min = 1, max = 100_000))]
    rows: i64,
}

/// The result of `import_tasks`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct Imported {
    /// Id of the import.
    import: String,
    /// What became of it.
    state: ImportState,
    /// Rows that are tasks now.
    done: u64,
    /// Rows in all.
    total: u64,
}

#[tool_router(router = import_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Import rows into a project; each becomes a task. Reports progress, and can be cancelled.
    #[tool(title = "Import tasks", annotations(destructive_hint = false))]
    async fn import_tasks(
        &self,
        Parameters(ImportTasks { project, rows }): Parameters<ImportTasks>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Imported>, Failure> {
        bounds::characters("project", &project, ID)?;
        let rows = bounds::number("rows", rows, 1..=100_000)?;
        let caller = self.caller(&context)?;
        let tracker = self.tracker(&caller).await?;
        let busy = self.under_way().await;
        // In a task of its own, which goes on when this call does not: a request that is given up may
        // have reached the tracker, and without the reply nobody knows which import to stop.
        let starting = tokio::spawn(start(tracker, caller, project, rows, busy));
        let mut progress = Progress::new(&context);
        let import = tokio::select! {
            // Drops what follows the import: its guard, or else the handle of the task that makes one.
            () = context.ct.cancelled() => Err(Failure::tool("the import was cancelled")),
            () = self.last_moment() => Err(Failure::tool(STOPPED)),
            done = to_the_end(starting, &mut progress) => done,
        };
        let import = import?;
        Ok(Json(Imported {
            import: import.id,
            state: import.state,
            done: import.done,
            total: import.total,
        }))
    }
}

/// An import that goes on, and what stops it.
type Started = (Import, StopOnDrop);

/// Starts an import. It is in the trail from its beginning: what is stopped later has made tasks, too.
async fn start(
    tracker: Tracker,
    caller: Caller,
    project: String,
    rows: u64,
    busy: UnderWay,
) -> Result<Started, TrackerError> {
    let import = tracker.start_import(&project, rows).await?;
    audit::change(&caller, "import_tasks", &import.id);
    let guard = StopOnDrop {
        tracker,
        import: Some(import.id.clone()),
        busy: Some(busy),
    };
    Ok((import, guard))
}

/// Waits for the end of an import. Stops it when this comes to nothing.
///
/// # Errors
/// The tracker refuses or fails.
async fn to_the_end(
    starting: JoinHandle<Result<Started, TrackerError>>,
    progress: &mut Progress,
) -> Result<Import, Failure> {
    let started = starting.await;
    let (import, mut guard) = started.map_err(|_| Failure::tool("the import has failed"))??;
    let import = follow(&guard.tracker, import, progress).await?;
    guard.import = None;
    Ok(import)
}

/// Stops an import at the tracker when it is dropped, unless it was told that there is none to stop.
struct StopOnDrop {
    tracker: Tracker,
    import: Option<String>,
    /// Dropped as soon as there is nothing left to stop: the process waits for that.
    busy: Option<UnderWay>,
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        let Some(import) = self.import.take() else {
            return;
        };
        let (tracker, busy) = (self.tracker.clone(), self.busy.take());
        // `drop` cannot wait, so somebody else does.
        tokio::spawn(async move {
            if let Err(error) = tracker.cancel_import(&import).await {
                tracing::warn!("import {import} goes on: {error}");
            }
            drop(busy);
        });
    }
}

/// Asks the tracker about an import until it has ended, and passes on how far it is.
async fn follow(
    tracker: &Tracker,
    mut import: Import,
    progress: &mut Progress,
) -> Result<Import, TrackerError> {
    let mut failures = 0;
    progress.report(import.done, import.total).await;
    while import.state == ImportState::Running {
        tokio::time::sleep(POLL).await;
        match tracker.import(&import.id).await {
            Ok(now) => {
                failures = 0;
                import = now;
                progress.report(import.done, import.total).await;
            }
            // One question that fails says nothing about the import.
            Err(error) if error.is_transient() && failures < MOST_FAILURES => failures += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(import)
}
// ANCHOR_END: ex-8-4
