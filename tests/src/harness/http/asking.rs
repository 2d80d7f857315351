//! The question of `delete_task` over HTTP, and the answer of a user who agrees: in the modern era, where both are requests of
//! their own.

use serde_json::{Value, json};

use super::Remote;
use crate::harness::{Reply, Verdict, protocol};

/// The task that is to go.
pub const TASK: &str = "ATLAS-1";

/// Calls `delete_task` as a client that can ask its user. `more` is what such a client sends along.
pub async fn delete(remote: &Remote, more: Value) -> Verdict<Reply> {
    let mut params = json!({"name": "delete_task", "arguments": {"task": TASK}});
    for (name, value) in more.as_object().into_iter().flatten() {
        params[name] = value.clone();
    }
    let mut message = remote.message("tools/call", params);
    message["params"]["_meta"][protocol::META_CAPABILITIES] = json!({"elicitation": {"form": {}}});
    let reply = remote.send(&remote.post(&message)).await?;
    remote.reply(&message, &reply)
}

/// What a client sends along once its user has agreed: to the one question of this reply.
///
/// # Errors
/// The reply does not ask.
pub fn yes_to(asked: &Reply) -> Verdict<Value> {
    let question = asked.result()?;
    let key = question["inputRequests"]
        .as_object()
        .and_then(|all| all.keys().next());
    let (Some(key), Some(state)) = (key, question["requestState"].as_str()) else {
        return Err(asked
            .wrong("delete_task does not ask.")
            .expected("input_required, with an input request and requestState")
            .into());
    };
    let properties = &question["inputRequests"][key]["params"]["requestedSchema"]["properties"];
    let field = properties.as_object().and_then(|all| all.keys().next());
    let mut content = json!({});
    content[field.map_or("sure", String::as_str)] = json!(true);
    let mut answers = json!({});
    answers[key.as_str()] = json!({"action": "accept", "content": content});
    Ok(json!({"requestState": state, "inputResponses": answers}))
}
