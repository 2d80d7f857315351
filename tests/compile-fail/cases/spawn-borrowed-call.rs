//~ E0521 borrowed data escapes outside of function
// `tokio::spawn` may run the call after this function has returned, and the call borrows the server.
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::ToolCallContext;
use rmcp::model::{CallToolRequestParams, CallToolResponse};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

struct Board {
    tools: ToolRouter<Board>,
}

async fn call(
    board: &Board,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let call = board
        .tools
        .call(ToolCallContext::new(board, request, context));
    tokio::spawn(call)
        .await
        .unwrap_or_else(|_| Err(ErrorData::internal_error("the tool has failed", None)))
}

fn main() {}
