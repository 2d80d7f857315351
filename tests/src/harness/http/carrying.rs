//! The request that carries a message.

use serde_json::Value;
use verdict::{Era, protocol};

use super::HttpRequest;

impl HttpRequest {
    /// The request with which a client of this era sends a message: `to` are host and path, `token` is what it shows.
    pub fn carrying(message: &Value, era: Era, to: (&str, &str), token: &str) -> Self {
        let (host, path) = to;
        let request = Self::new("POST", path)
            .and("Host", host)
            .and("Authorization", &format!("Bearer {token}"))
            .and("Content-Type", "application/json")
            .and("Accept", "application/json, text/event-stream")
            .body(message.to_string());
        let (method, params) = (&message["method"], &message["params"]);
        match era {
            Era::Modern => {
                let mut request = request.and("MCP-Protocol-Version", protocol::MODERN);
                if let Some(method) = method.as_str() {
                    request = request.and("Mcp-Method", method);
                }
                let named = params["name"].as_str().or(params["uri"].as_str());
                match named {
                    Some(name) => request.and("Mcp-Name", name),
                    None => request,
                }
            }
            Era::Legacy if method != "initialize" => {
                request.and("MCP-Protocol-Version", protocol::LEGACY)
            }
            Era::Legacy => request,
        }
    }
}
