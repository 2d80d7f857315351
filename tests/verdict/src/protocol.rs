//! What messages look like on the wire, in both eras. The one place that knows.

use crate::Era;
use serde_json::{Map, Value, json};

/// The revision that checks speak in the modern era.
pub const MODERN: &str = "2026-07-28";
/// The revision that checks speak in the legacy era.
pub const LEGACY: &str = "2025-11-25";

/// Key in `_meta`: the revision in which a request is written. Required in the modern era.
pub const META_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
/// Key in `_meta`: what the client can do. Required in the modern era.
pub const META_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
/// Key in `_meta`: name and version of the client.
pub const META_CLIENT: &str = "io.modelcontextprotocol/clientInfo";
/// Key in the `_meta` of a result: name and version of the server.
pub const META_SERVER: &str = "io.modelcontextprotocol/serverInfo";

/// Key in the `_meta` of a notification: the subscription that it belongs to.
pub const META_SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// JSON-RPC: there is no such method.
pub const METHOD_NOT_FOUND: i64 = -32601;
/// JSON-RPC: the parameters are wrong; in MCP also an unknown tool or a missing key of `_meta`.
pub const INVALID_PARAMS: i64 = -32602;
/// MCP, modern era: the request needs something of the client that it has not declared.
pub const MISSING_CAPABILITY: i64 = -32021;
/// MCP, modern era: the request names a revision that the server does not speak.
pub const UNSUPPORTED_VERSION: i64 = -32022;

/// Who a check says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Name of the client program.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it can do, as it declares it.
    pub capabilities: Value,
}

impl Client {
    /// A client of this name and version, which can do nothing beyond the protocol.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            capabilities: json!({}),
        }
    }

    /// The client of the checks, declaring these capabilities.
    pub fn able_to(capabilities: Value) -> Self {
        Self {
            capabilities,
            ..Self::default()
        }
    }

    /// As it stands in a message.
    pub fn to_json(&self) -> Value {
        json!({"name": self.name, "version": self.version})
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new("workbook-checker", "1.0.0")
    }
}

/// The `_meta` with which every request of the modern era introduces itself.
/// Specification 2026-07-28, basic/index.
pub fn meta(version: &str, client: Option<&Client>) -> Value {
    let mut meta = json!({META_VERSION: version, META_CAPABILITIES: {}});
    if let Some(client) = client {
        meta[META_CAPABILITIES] = client.capabilities.clone();
        meta[META_CLIENT] = client.to_json();
    }
    meta
}

/// A request. `params` of `null` leaves them out.
pub fn request(id: impl Into<Value>, method: &str, params: Value) -> Value {
    let mut message = json!({"jsonrpc": "2.0", "id": id.into(), "method": method});
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

/// A notification. `params` of `null` leaves them out.
pub fn notification(method: &str, params: Value) -> Value {
    let mut message = json!({"jsonrpc": "2.0", "method": method});
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

/// `params` with this `_meta`, which goes last; keys that are there already stay.
pub fn with_meta(params: Value, meta: &Value) -> Value {
    let mut params = match params {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let mut merged = meta.clone();
    if let Some(Value::Object(own)) = params.remove("_meta") {
        for (key, value) in own {
            merged[key] = value;
        }
    }
    params.insert("_meta".into(), merged);
    Value::Object(params)
}

/// The parameters of a legacy `initialize`. Specification 2025-11-25, basic/lifecycle.
pub fn initialize_params(version: &str, client: &Client) -> Value {
    json!({"protocolVersion": version, "capabilities": client.capabilities, "clientInfo": client.to_json()})
}

/// The parameters of a request in this era.
pub fn params_in(era: Era, params: Value, client: &Client) -> Value {
    match era {
        Era::Modern => with_meta(params, &meta(MODERN, Some(client))),
        Era::Legacy => params,
    }
}

/// Whether this is a message of JSON-RPC 2.0: a request, a notification or a reply.
pub fn is_message(value: &Value) -> bool {
    let Some(object) = value.as_object() else {
        return false;
    };
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return false;
    }
    let is_request = object.get("method").is_some_and(Value::is_string);
    let is_result = object.contains_key("result") && object.contains_key("id");
    let is_error = object.get("error").is_some_and(Value::is_object);
    [is_request, is_result, is_error]
        .iter()
        .filter(|&&is| is)
        .count()
        == 1
}
