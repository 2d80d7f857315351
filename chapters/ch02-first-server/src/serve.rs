//! Serving over standard input and output, from the first message to the end of the process.

use rmcp::service::ServerInitializeError;
use rmcp::{ServerHandler, ServiceExt};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Why serving ended with an error.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client did not open in any way that the server knows.
    #[error("the client never began: {0}")]
    Opening(#[from] ServerInitializeError),
    /// The task that serves came to a bad end.
    #[error("the service failed: {0}")]
    Service(#[from] tokio::task::JoinError),
}

/// Serves until the client hangs up or `stop` is cancelled.
///
/// # Errors
/// The client opened in a way that is no MCP, or the service failed.
pub async fn serve(server: impl ServerHandler, stop: CancellationToken) -> Result<(), ServeError> {
    match serve_until_stopped(server, stop).await {
        Err(ServeError::Opening(error)) if is_normal_end(&error) => Ok(()),
        ended => ended,
    }
}

/// Whether a server that nobody used ended as it should.
///
/// Clients start a server just to see whether it is there, send nothing or only `server/discover`, and hang up.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio>
fn is_normal_end(error: &ServerInitializeError) -> bool {
    // The input ended, or the client no longer reads what the server writes.
    matches!(
        error,
        ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::TransportError { .. }
    )
}

async fn serve_until_stopped(
    server: impl ServerHandler,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    // On Linux a read from `stdio_pipes` can be given up; one from `stdio` blocks its thread until a line comes.
    let stdio = rmcp::transport::stdio_pipes();
    match server.serve_with_ct(stdio, stop).await {
        // Told to stop before the first request: nothing was begun, nothing is lost.
        Err(ServerInitializeError::Cancelled) => Ok(()),
        Err(error) => Err(error.into()),
        // When `stop` is cancelled, calls in flight have two seconds for their replies; at the end of input, five.
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
    }
}

/// Ends the runtime, and with it the process.
pub fn end_runtime(runtime: Runtime) {
    // Dropping it would wait for every thread, and one may hang in a read from standard input: a client that
    // gives the server a socket in place of a pipe keeps it open until the server has ended.
    runtime.shutdown_background();
}
