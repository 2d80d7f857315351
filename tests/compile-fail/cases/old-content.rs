//~ E0432 no `Content` in `model`
// `Content` of older tutorials is `ContentBlock` since rmcp 2.0.
use rmcp::model::{CallToolResult, Content};

fn hello() -> CallToolResult {
    CallToolResult::success(vec![Content::text("hello")])
}

fn main() {
    hello();
}
