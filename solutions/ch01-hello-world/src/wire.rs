//! Requests of the modern era, written by hand.

/// Five messages, one a line, as a client would send them, each with an id of its own:
///
/// 1. a call of `greet`,
/// 2. the list of tools,
/// 3. a request that is refused with -32602, since its `_meta` lacks what every request must say,
/// 4. one that is refused with -32022, since it names a revision that the server does not speak,
/// 5. one that is refused with -32601, since there is no such method.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/index>
pub fn lines() -> Vec<String> {
    // STARTER 1.3: Vec::new()
    // ANCHOR: ex-1-3
    use serde_json::json;

    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "by-hand", "version": "1.0.0"},
    });
    let incomplete = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28"});
    let future = json!({
        "io.modelcontextprotocol/protocolVersion": "2099-01-01",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let greeting = json!({"name": "greet", "arguments": {"name": "Ada"}, "_meta": meta});
    [
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": greeting}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {"_meta": meta}}),
        json!({"jsonrpc": "2.0", "id": 3, "method": "tools/list", "params": {"_meta": incomplete}}),
        json!({"jsonrpc": "2.0", "id": 4, "method": "tools/list", "params": {"_meta": future}}),
        json!({"jsonrpc": "2.0", "id": 5, "method": "tools/paint", "params": {"_meta": meta}}),
    ]
    // `to_string` writes no line breaks: one message is one line.
    .map(|message| message.to_string())
    .to_vec()
    // ANCHOR_END: ex-1-3
}
