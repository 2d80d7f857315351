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
    // The input ended, or nobody reads any more what the server writes.
    matches!(
        error,
        ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::TransportError { .. }
    )
}

/// Serves until the input ends or `stop` is cancelled, and lets calls in flight finish.
async fn serve_until_stopped(
    server: impl ServerHandler,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    // On Linux its reads can be given up; a read of `stdio()` blocks a thread until a line comes.
    let transport = rmcp::transport::stdio_pipes();
    let running = match server.serve_with_ct(transport, stop).await {
        // Told to stop before the first request: nothing has begun, so nothing is lost.
        Err(ServerInitializeError::Cancelled) => return Ok(()),
        opened => opened?,
    };
    // Calls in flight have two seconds to reply once `stop` is cancelled, five if the input ends.
    running.waiting().await?;
    Ok(())
}

/// Ends the runtime, and with it the process.
pub fn end_runtime(runtime: Runtime) {
    // Dropping it would wait for every thread, and one may be stuck in a read from standard input:
    // off Linux, or if the client gave the server a socket in place of a pipe and keeps it open.
    runtime.shutdown_background();
}
