//! What a token allows, and what a request needs.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling>

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rmcp::model::{ListToolsResult, Tool};
use serde_json::Value;

use crate::auth::Caller;
use crate::gate::Refusal;

/// What a token may allow. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To look.
    Read,
    /// To make and change.
    Write,
    /// To delete for good.
    Admin,
}

impl Scope {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// As tokens name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "tracker:read",
            Self::Write => "tracker:write",
            Self::Admin => "tracker:admin",
        }
    }

    /// What a tool needs. One that is not named here needs the most: whoever adds one has to decide.
    pub fn of_tool(tool: &str) -> Self {
        match tool {
            "list_projects" | "list_tasks" => Self::Read,
            "create_task" | "draft_tasks" | "submit_draft" | "import_attachment" => Self::Write,
            _ => Self::Admin,
        }
    }

    /// What a message needs; nothing if it only asks about the server.
    pub fn of_message(message: &Value) -> Option<Self> {
        match message["method"].as_str()? {
            "tools/call" => Some(Self::of_tool(message["params"]["name"].as_str()?)),
            method if method.starts_with("resources/") => Some(Self::Read),
            "subscriptions/listen" => Some(Self::Read),
            _ => None,
        }
    }
}

/// Finds out what a request needs. Gives the request back with its body, which has `limit` bytes at most.
///
/// # Errors
/// The body is longer, or does not arrive.
pub async fn needed(request: Request, limit: u64) -> Result<(Option<Scope>, Request), Refusal> {
    // Exercise 6.5 begins. Hint: cargo xtask hint 6.5
    let _unused = limit;
    let name = request.headers().get("mcp-name");
    let name = name.and_then(|name| name.to_str().ok());
    Ok((name.map(Scope::of_tool), request))
    // Exercise 6.5 ends.
}

/// Whether what was granted is enough.
pub fn covers(granted: &[String], needed: Scope) -> bool {
    // Exercise 6.5-b begins. Hint: cargo xtask hint 6.5
    granted.iter().any(|name| name == needed.name())
    // Exercise 6.5-b ends.
}

/// The tools that a caller sees.
pub fn listed(tools: Vec<Tool>, caller: &Caller) -> ListToolsResult {
    // Exercise 6.5-c begins. Hint: cargo xtask hint 6.5
    let _unused = caller;
    ListToolsResult::with_all_items(tools)
    // Exercise 6.5-c ends.
}

/// 403, with the scope that a new token needs. `metadata` is where to find out how to get one.
pub fn insufficient(needed: Scope, metadata: &str) -> Response {
    // Exercise 6.5-d begins. Hint: cargo xtask hint 6.5
    let _unused = (needed, metadata);
    StatusCode::FORBIDDEN.into_response()
    // Exercise 6.5-d ends.
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_needs_what_its_body_says() {
        let call = |name| json!({"method": "tools/call", "params": {"name": name}});
        let needs = |name| Scope::of_message(&call(name));
        assert_eq!(needs("list_tasks"), Some(Scope::Read));
        assert_eq!(needs("create_task"), Some(Scope::Write));
        assert_eq!(needs("delete_task"), Some(Scope::Admin));
        assert_eq!(needs("added_tomorrow"), Some(Scope::Admin));
        assert_eq!(Scope::of_message(&json!({"method": "tools/list"})), None);
        assert_eq!(Scope::of_message(&json!([call("delete_task")])), None);
    }

    #[test]
    fn a_larger_scope_includes_the_smaller_ones() {
        let admin = ["tracker:admin".to_owned()];
        assert!(covers(&admin, Scope::Read));
        let write = ["other".to_owned(), "tracker:write".to_owned()];
        assert!(covers(&write, Scope::Read) && !covers(&write, Scope::Admin));
        assert!(!covers(&["tracker".to_owned()], Scope::Read));
        assert!(!covers(&[], Scope::Read));
    }
}
