//! Serving over standard input and output, from the first message to the end of the process.

use rmcp::service::ServerInitializeError;
use rmcp::{ServerHandler, ServiceExt};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Why the server ended with an error.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Something that the process needs around serving, such as its signal handlers, failed.
    #[error(transparent)]
    Process(#[from] std::io::Error),
    /// The client never began with MCP, or in a way that this server does not speak.
    #[error("the client did not begin with MCP")]
    Opening(#[source] Box<ServerInitializeError>),
    /// The task that serves came to a bad end.
    #[error("the service failed")]
    Service(#[from] tokio::task::JoinError),
}

impl From<ServerInitializeError> for ServeError {
    fn from(error: ServerInitializeError) -> Self {
        // Boxed, since it may hold the whole message that the client sent.
        Self::Opening(Box::new(error))
    }
}

/// Serves until the client hangs up or `stop` is cancelled.
///
/// # Errors
/// The client did not begin with MCP, or the service failed.
pub async fn serve(server: impl ServerHandler, stop: CancellationToken) -> Result<(), ServeError> {
    match serve_until_stopped(server, stop).await {
        Err(ServeError::Opening(error)) if is_normal_end(&error) => Ok(()),
        ended => ended,
    }
}

/// Whether a server that was never used ended as it should.
///
/// A client may start a server just to see what it is, send nothing or only `server/discover`, and
/// hang up.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio>
fn is_normal_end(error: &ServerInitializeError) -> bool {
    // Exercise 1.6-d begins. Hint: cargo xtask hint 1.6
    tracing::debug!(%error, "the client left early");
    false
    // Exercise 1.6-d ends.
}

/// Serves until the input ends or `stop` is cancelled, and lets calls in flight finish.
async fn serve_until_stopped(
    server: impl ServerHandler,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    // Exercise 1.7 begins. Hint: cargo xtask hint 1.7
    drop(stop); // Nobody looks at it yet.
    let running = server.serve(rmcp::transport::stdio()).await?;
    running.waiting().await?;
    Ok(())
    // Exercise 1.7 ends.
}

/// Ends the runtime, and with it the process.
pub fn end_runtime(runtime: Runtime) {
    // Exercise 1.7-b begins. Hint: cargo xtask hint 1.7
    drop(runtime);
    // Exercise 1.7-b ends.
}
