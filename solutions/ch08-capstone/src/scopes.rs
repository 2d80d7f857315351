//! What a token allows, and what a request needs.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling>

// ANCHOR: ex-8-7-d
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
            "list_projects" | "search_tasks" | "get_task" | "plan_milestones" => Self::Read,
            "create_task" | "transition_task" | "apply_plan" | "import_tasks" => Self::Write,
            _ => Self::Admin,
        }
    }

    /// What a message needs; nothing if it only asks about the server.
    pub fn of_message(message: &Value) -> Option<Self> {
        match message["method"].as_str()? {
            "tools/call" => Some(Self::of_tool(message["params"]["name"].as_str()?)),
            // Templates and prompts are the same for everybody; what they lead to is not.
            "resources/templates/list" | "prompts/list" => None,
            method if method.starts_with("resources/") => Some(Self::Read),
            "prompts/get" | "completion/complete" | "subscriptions/listen" => Some(Self::Read),
            _ => None,
        }
    }
}

/// Finds out what a request needs. Gives the request back with its body, which has `limit` bytes at most.
///
/// # Errors
/// The body is longer, or does not arrive.
pub async fn needed(request: Request, limit: u64) -> Result<(Option<Scope>, Request), Refusal> {
    let (parts, body) = request.into_parts();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let bytes = axum::body::to_bytes(body, limit).await;
    let bytes = bytes.map_err(|_| Refusal::Body(StatusCode::PAYLOAD_TOO_LARGE))?;
    // The header `Mcp-Name` is only a copy, and only the modern era compares it with this.
    let message: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let request = Request::from_parts(parts, bytes.into());
    Ok((Scope::of_message(&message), request))
}

/// Whether what was granted is enough.
pub fn covers(granted: &[String], needed: Scope) -> bool {
    let enough = Scope::ALL.into_iter().filter(|scope| *scope >= needed);
    enough
        .map(Scope::name)
        .any(|name| granted.iter().any(|granted| granted == name))
}

/// The tools that a caller sees.
pub fn listed(tools: Vec<Tool>, caller: &Caller) -> ListToolsResult {
    let allowed = |tool: &Tool| covers(&caller.scopes, Scope::of_tool(&tool.name));
    let tools = tools.into_iter().filter(allowed).collect();
    // Another caller sees another list: nobody between may keep it for both.
    ListToolsResult::with_all_items(tools).with_cache_scope(rmcp::model::CacheScope::Private)
}

/// 403, with the scope that a new token needs. `metadata` is where to find out how to get one.
pub fn insufficient(needed: Scope, metadata: &str) -> Response {
    let scope = needed.name();
    let challenge = format!(
        r#"Bearer error="insufficient_scope", scope="{scope}", resource_metadata="{metadata}""#
    );
    let headers = [(axum::http::header::WWW_AUTHENTICATE, challenge)];
    (StatusCode::FORBIDDEN, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_needs_what_its_body_says() {
        let call = |name| json!({"method": "tools/call", "params": {"name": name}});
        let needs = |name| Scope::of_message(&call(name));
        assert_eq!(needs("search_tasks"), Some(Scope::Read));
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
// ANCHOR_END: ex-8-7-d
