//! A small MCP server without any SDK: what the protocol asks of a server, spelled out.
//!
//! It serves twice. Exercise 1.3 has learners write requests by hand; the check feeds them to this server and
//! looks at its answers. And as the program `foreign-server` it is a subject that shares no code with the
//! servers of the workbook, so that checks cannot come to demand what only those do.

mod board;
mod tools;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::harness::protocol::{
    self, INVALID_PARAMS, LEGACY, META_CAPABILITIES, META_CLIENT, META_SERVER, META_VERSION,
    METHOD_NOT_FOUND, MODERN, UNSUPPORTED_VERSION,
};
use board::Board;

/// JSON-RPC: a message that is no request.
const INVALID_REQUEST: i64 = -32600;

/// The server. Several requests may be answered at the same time.
#[derive(Debug, Default)]
pub struct Foreign {
    board: Mutex<Board>,
    /// The name that the legacy client gave in its handshake; also says that there was one.
    handshake: Mutex<Option<Value>>,
    /// Whether anything was asked yet.
    asked: AtomicBool,
}

/// Why a request is refused.
#[derive(Debug)]
struct Refusal {
    code: i64,
    message: String,
    data: Option<Value>,
}

impl Refusal {
    fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }
}

/// Who asks, and how.
#[derive(Debug, Clone)]
struct Caller {
    modern: bool,
    client: Value,
}

impl Foreign {
    /// Answers one line. A notification has no answer, and neither has what is not JSON.
    pub fn answer(&self, line: &str) -> Option<Value> {
        let message: Value = serde_json::from_str(line).ok()?;
        let id = message.get("id").cloned();
        let outcome = match self.read(&message) {
            Ok(None) => return None,
            Ok(Some((method, params))) => self.handle(method, params),
            Err(refusal) => Err(refusal),
        };
        let mut reply = json!({"jsonrpc": "2.0"});
        if let Some(id) = id.filter(is_id) {
            reply["id"] = id;
        }
        match outcome {
            Ok(result) => reply["result"] = result,
            Err(refusal) => {
                reply["error"] = json!({"code": refusal.code, "message": refusal.message});
                if let Some(data) = refusal.data {
                    reply["error"]["data"] = data;
                }
            }
        }
        Some(reply)
    }

    /// Method and parameters, if it is a request; nothing if it is a notification or a reply.
    fn read<'a>(&self, message: &'a Value) -> Result<Option<(&'a str, &'a Value)>, Refusal> {
        if !protocol::is_message(message) {
            return Err(Refusal::new(INVALID_REQUEST, "not a JSON-RPC 2.0 message"));
        }
        match (message["method"].as_str(), message.get("id")) {
            (Some(method), Some(id)) if is_id(id) => Ok(Some((method, &message["params"]))),
            (Some(_), Some(_)) => Err(Refusal::new(
                INVALID_REQUEST,
                "an id is a string or a number",
            )),
            _ => Ok(None),
        }
    }

    fn handle(&self, method: &str, params: &Value) -> Result<Value, Refusal> {
        let first = !self.asked.swap(true, Ordering::SeqCst);
        if method == "initialize" {
            return self.initialize(params, first);
        }
        let caller = self.caller(params)?;
        let result = match method {
            "ping" if !caller.modern => json!({}),
            "server/discover" if caller.modern => discover(),
            "tools/list" => json!({"tools": tools::list()}),
            "tools/call" => tools::call(&self.board, &caller, params)?,
            _ => {
                return Err(Refusal::new(
                    METHOD_NOT_FOUND,
                    format!("there is no method {method}"),
                ));
            }
        };
        Ok(if caller.modern {
            complete(method, result)
        } else {
            result
        })
    }

    /// The legacy handshake. A version that the server does not know is answered with one that it knows.
    fn initialize(&self, params: &Value, first: bool) -> Result<Value, Refusal> {
        if !first {
            return Err(Refusal::new(
                INVALID_REQUEST,
                "the conversation has begun already",
            ));
        }
        let client = params["clientInfo"].clone();
        *self
            .handshake
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(client);
        Ok(json!({
            "protocolVersion": LEGACY,
            "capabilities": {"tools": {}},
            "serverInfo": identity(),
            "instructions": INSTRUCTIONS,
        }))
    }

    /// Who sent this request: known from the handshake, else from its `_meta`.
    fn caller(&self, params: &Value) -> Result<Caller, Refusal> {
        if let Some(client) = &*self
            .handshake
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            return Ok(Caller {
                modern: false,
                client: client.clone(),
            });
        }
        let meta = &params["_meta"];
        let mut missing = Vec::new();
        if !meta[META_VERSION].is_string() {
            missing.push(META_VERSION);
        }
        if !meta[META_CAPABILITIES].is_object() {
            missing.push(META_CAPABILITIES);
        }
        if !missing.is_empty() {
            return Err(Refusal {
                data: Some(json!({"missing": missing})),
                ..Refusal::new(
                    INVALID_PARAMS,
                    format!("_meta lacks {}", missing.join(" and ")),
                )
            });
        }
        if meta[META_VERSION] != MODERN {
            return Err(Refusal {
                data: Some(json!({"supported": [MODERN, LEGACY], "requested": meta[META_VERSION]})),
                ..Refusal::new(UNSUPPORTED_VERSION, "unsupported protocol version")
            });
        }
        Ok(Caller {
            modern: true,
            client: meta[META_CLIENT].clone(),
        })
    }
}

const INSTRUCTIONS: &str = "Greets people, and keeps the task board of a small team.";

fn identity() -> Value {
    json!({"name": "foreign-server", "title": "Foreign server", "version": env!("CARGO_PKG_VERSION")})
}

fn discover() -> Value {
    json!({
        "supportedVersions": [MODERN, LEGACY],
        "capabilities": {"tools": {}},
        "instructions": INSTRUCTIONS,
    })
}

/// What every result of the modern era says beside its content.
fn complete(method: &str, mut result: Value) -> Value {
    result["resultType"] = "complete".into();
    if method != "tools/call" {
        // How long a client may keep the answer, and whether it may give it to other users.
        result["ttlMs"] = 0.into();
        result["cacheScope"] = "private".into();
    }
    result["_meta"] = json!({META_SERVER: identity()});
    result
}

fn is_id(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &Foreign, message: Value) -> Value {
        server
            .answer(&message.to_string())
            .expect("a request has a reply")
    }

    #[test]
    fn a_request_without_meta_is_refused_and_told_what_lacks() {
        let reply = ask(
            &Foreign::default(),
            protocol::request(1, "tools/list", json!({})),
        );
        assert_eq!(reply["error"]["code"], INVALID_PARAMS);
        assert_eq!(
            reply["error"]["data"]["missing"],
            json!([META_VERSION, META_CAPABILITIES])
        );
    }

    #[test]
    fn an_unknown_version_is_refused_with_the_known_ones() {
        let params = json!({"_meta": protocol::meta("2099-01-01", None)});
        let reply = ask(
            &Foreign::default(),
            protocol::request("a", "tools/list", params),
        );
        assert_eq!(reply["id"], "a");
        assert_eq!(reply["error"]["code"], UNSUPPORTED_VERSION);
        assert_eq!(reply["error"]["data"]["requested"], "2099-01-01");
    }

    #[test]
    fn what_has_no_id_has_no_reply() {
        let server = Foreign::default();
        assert_eq!(
            server.answer(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#),
            None
        );
        assert_eq!(server.answer("not JSON"), None);
    }
}
