//! One request in many spellings: what a caller may write to be judged by something else than what it asks for.

use serde_json::Value;

/// A body that asks for `create_task`, written as clients seldom do. `ID` stands for the id of the request, `META` for what the
/// modern era wants.
pub(super) const BODIES: [(&str, &str); 3] = [
    (
        "the name after arguments that hold another name",
        r#"{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{META"arguments":{"name":"list_projects","project":"ATLAS","title":"Not allowed"},"name":"create_task"}}"#,
    ),
    (
        "a letter of the name in another notation",
        r#"{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{META"name":"create\u005ftask","arguments":{"project":"ATLAS","title":"Not allowed"}}}"#,
    ),
    (
        "a slash of the method in another notation",
        r#"{"jsonrpc":"2.0","id":ID,"method":"tools\/call","params":{META"name":"create_task","arguments":{"project":"ATLAS","title":"Not allowed"}}}"#,
    ),
];

/// The same, in ways that two readers may read differently. A server may take them for either thing or for nothing, as long as
/// it judges what it does.
pub(super) const AMBIGUOUS: [(&str, &str); 3] = [
    (
        "two names, the allowed one last",
        r#"{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{META"name":"create_task","arguments":{"project":"ATLAS","title":"Not allowed"},"name":"list_projects"}}"#,
    ),
    (
        "two names, the allowed one first",
        r#"{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{META"name":"list_projects","arguments":{"project":"ATLAS","title":"Not allowed"},"name":"create_task"}}"#,
    ),
    (
        "the call in a list of one",
        r#"[{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{META"name":"create_task","arguments":{"project":"ATLAS","title":"Not allowed"}}}]"#,
    ),
];

/// What headers may say while the body asks for something else.
pub(super) const HEADERS: [(&str, &[(&str, &str)]); 8] = [
    ("no header Mcp-Name", &[]),
    (
        "an allowed tool in Mcp-Name",
        &[("Mcp-Name", "list_projects")],
    ),
    ("nothing in Mcp-Name", &[("Mcp-Name", "")]),
    (
        "Mcp-Name twice, the allowed tool first",
        &[("Mcp-Name", "list_projects"), ("Mcp-Name", "create_task")],
    ),
    (
        "Mcp-Name twice, the allowed tool last",
        &[("Mcp-Name", "create_task"), ("Mcp-Name", "list_projects")],
    ),
    (
        "Mcp-Name in small letters",
        &[("mcp-name", "list_projects")],
    ),
    (
        "another method in Mcp-Method",
        &[("Mcp-Method", "tools/list")],
    ),
    (
        "an allowed tool in Mcp-Name, and another method in Mcp-Method",
        &[("Mcp-Name", "list_projects"), ("Mcp-Method", "ping")],
    ),
];

/// A body of the tables, for the request of this message.
pub(super) fn written(body: &str, message: &Value) -> String {
    let meta = match message["params"].get("_meta") {
        Some(meta) => format!("\"_meta\":{meta},"),
        None => String::new(),
    };
    body.replace("ID", &message["id"].to_string())
        .replace("META", &meta)
}
