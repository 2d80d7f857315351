//! What stands around every call of a tool.

use rmcp::handler::server::tool::ToolCallContext;
use rmcp::model::{CallToolRequestParams, CallToolResponse};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

use crate::server::TrackerServer;

/// Calls a tool of the server. The caller gets a reply even if the tool panics.
///
/// # Errors
/// There is no such tool, or the tool fails with a protocol error.
pub async fn call(
    server: &TrackerServer,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let tool = request.name.clone();
    let call = server
        .tools()
        .call(ToolCallContext::new(server, request, context));
    // STARTER 3.7: tracing::debug!("calling {tool}");
    // STARTER 3.7: call.await
    // ANCHOR: ex-3-7
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Poll;

    let mut call = std::pin::pin!(call);
    // A tool can panic at each of its awaits, so each poll is guarded. The call is never polled
    // again after a panic, and what it shared with others is behind locks that bear it.
    let guarded = std::future::poll_fn(|cx| {
        match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    });
    match guarded.await {
        Ok(reply) => reply,
        Err(_) => {
            // The panic hook has written message and place to the log, where they stay.
            tracing::error!("{tool} has panicked");
            let text =
                format!("{tool} has failed: this is a fault of the server, not of the call.");
            let text = rmcp::model::ContentBlock::text(text);
            Ok(rmcp::model::CallToolResult::error(vec![text]).into())
        }
    }
    // ANCHOR_END: ex-3-7
}
