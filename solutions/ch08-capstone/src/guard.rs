//! What stands around every call of a tool.

// ANCHOR: ex-8-1-d
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::CallToolResponse;

use crate::errors::Failure;

/// The reply of a call, also if the tool panics.
///
/// # Errors
/// There is no such tool, or the tool fails with a protocol error.
pub async fn guarded(
    tool: &str,
    call: impl Future<Output = Result<CallToolResponse, ErrorData>>,
) -> Result<CallToolResponse, ErrorData> {
    let mut call = pin!(call);
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
            Failure::tool(text).into_call_tool_result()
        }
    }
}
// ANCHOR_END: ex-8-1-d
