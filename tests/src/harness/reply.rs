//! One reply, and the questions that checks ask of it.

use serde_json::Value;
use verdict::Era;

use super::finding::{Wrong, wrong};
use super::log::Arrived;
use super::prompts;
use super::protocol;
use super::resources;
use super::server::describe;
use super::short;

/// The reply to one request.
#[derive(Debug, Clone)]
pub struct Reply {
    request: Value,
    message: Value,
    heard_before: usize,
    era: Era,
}

impl Reply {
    pub(super) fn new(request: Value, arrived: Arrived, era: Era) -> Self {
        Self {
            request,
            message: arrived.message,
            heard_before: arrived.heard_before,
            era,
        }
    }

    /// The whole message.
    pub fn message(&self) -> &Value {
        &self.message
    }

    /// How many requests and notifications the server had sent when this reply came.
    pub(super) fn heard_before(&self) -> usize {
        self.heard_before
    }

    /// The era of the request.
    pub fn era(&self) -> Era {
        self.era
    }

    /// The request, as a person says it.
    pub fn sent(&self) -> String {
        describe(&self.request)
    }

    /// The reply, as a person says it.
    pub fn got(&self) -> String {
        if let Some(error) = self.message.get("error") {
            return spoken_error(error);
        }
        let result = &self.message["result"];
        if result.get("content").is_some_and(Value::is_array) && self.method() == "tools/call" {
            return ToolResult::new(self).got();
        }
        if let Some(told) = prompts::spoken(result).filter(|_| self.method() == "prompts/get") {
            return told;
        }
        if let Some(told) = resources::spoken(result).filter(|_| self.method() == "resources/read")
        {
            return told;
        }
        format!("result {}", short::json(result))
    }

    /// Something is wrong with this reply. What was sent and what came back is filled in.
    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        wrong(what).sent(self.sent()).got(self.got())
    }

    /// The result.
    ///
    /// # Errors
    /// The reply is a protocol error.
    pub fn result(&self) -> Result<&Value, Wrong> {
        match self.message.get("result") {
            Some(result) => Ok(result),
            None => Err(self
                .wrong(format!("The server refused {}.", self.subject()))
                .expected("a result")),
        }
    }

    /// The error object, if the reply is a protocol error.
    pub fn error(&self) -> Option<&Value> {
        self.message.get("error")
    }

    /// The code of the protocol error.
    pub fn error_code(&self) -> Option<i64> {
        self.error()?.get("code")?.as_i64()
    }

    /// The revision of the request, if it is one of the two that checks speak and the server refuses it.
    pub(super) fn refused_version(&self) -> Option<&'static str> {
        if self.error_code() != Some(protocol::UNSUPPORTED_VERSION) {
            return None;
        }
        let params = &self.request["params"];
        let version = match self.method() {
            "initialize" => &params["protocolVersion"],
            _ => &params["_meta"][protocol::META_VERSION],
        };
        [protocol::LEGACY, protocol::MODERN]
            .into_iter()
            .find(|spoken| version == spoken)
    }

    /// Demands a protocol error with this code; returns the error object.
    ///
    /// # Errors
    /// It is a result, or has another code.
    pub fn expect_error(&self, code: i64, what: &str) -> Result<&Value, Wrong> {
        match self.error() {
            Some(error) if self.error_code() == Some(code) => Ok(error),
            _ => Err(self
                .wrong(what)
                .expected(format!("a protocol error with code {code}"))),
        }
    }

    /// The result of a tool call, whether it went well or is a tool error.
    ///
    /// # Errors
    /// The reply is a protocol error, or no result of a tool call.
    pub fn tool_result(&self) -> Result<ToolResult<'_>, Wrong> {
        let result = self
            .result()
            .map_err(|refused| refused.expected("the result of a tool call"))?;
        if !result.get("content").is_some_and(Value::is_array) {
            return Err(self
                .wrong(format!(
                    "The answer to {} is no tool result.",
                    self.subject()
                ))
                .expected("a result with a `content` list"));
        }
        Ok(ToolResult::new(self))
    }

    /// The result of a tool call that went well.
    ///
    /// # Errors
    /// As [`Reply::tool_result`], and if it is a tool error.
    pub fn tool_success(&self) -> Result<ToolResult<'_>, Wrong> {
        let result = self.tool_result()?;
        if result.is_error() {
            return Err(self
                .wrong(format!(
                    "{} ended with a tool error.",
                    capitalised(&self.subject())
                ))
                .expected("result.isError = false (or absent)"));
        }
        Ok(result)
    }

    /// The result of a tool call that must be a tool error; `what` says what is wrong otherwise.
    ///
    /// # Errors
    /// It is a success or a protocol error.
    pub fn tool_error(&self, what: &str, expected: &str) -> Result<ToolResult<'_>, Wrong> {
        if self.error().is_some() {
            return Err(self.wrong(what).expected(expected).note(
                "A protocol error is due for an unknown tool or a broken request. It goes to the client program, \
                 and the model may never read it; a result with `isError` reaches the model, which can correct itself.",
            ));
        }
        let result = self.tool_result()?;
        if result.is_error() {
            Ok(result)
        } else {
            Err(self.wrong(what).expected(expected))
        }
    }

    fn method(&self) -> &str {
        self.request["method"].as_str().unwrap_or_default()
    }

    /// What was asked for, in few words.
    fn subject(&self) -> String {
        match (self.method(), self.request["params"]["name"].as_str()) {
            ("tools/call", Some(tool)) => format!("the call of `{tool}`"),
            ("prompts/get", Some(prompt)) => format!("the prompt `{prompt}`"),
            (method, _) => method.to_owned(),
        }
    }
}

/// The result of a tool call.
#[derive(Debug, Clone, Copy)]
pub struct ToolResult<'a> {
    reply: &'a Reply,
    result: &'a Value,
}

impl<'a> ToolResult<'a> {
    fn new(reply: &'a Reply) -> Self {
        Self {
            reply,
            result: &reply.message["result"],
        }
    }

    /// Whether the tool failed, in a way that the model is to read.
    pub fn is_error(&self) -> bool {
        self.result
            .get("isError")
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The text blocks, in order.
    pub fn texts(&self) -> Vec<&'a str> {
        let blocks = self.result["content"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        blocks
            .iter()
            .filter(|block| block["type"] == "text")
            .filter_map(|block| block["text"].as_str())
            .collect()
    }

    /// All text that a model would read: the text blocks and, where there is any, the structured content.
    pub fn text(&self) -> String {
        let mut text = self.texts().join("\n");
        if let Some(structured) = self.structured() {
            text.push('\n');
            text.push_str(&structured.to_string());
        }
        text
    }

    /// `structuredContent`, if the result has it.
    pub fn structured(&self) -> Option<&'a Value> {
        self.result
            .get("structuredContent")
            .filter(|value| !value.is_null())
    }

    /// The data: `structuredContent`, else the first text block that is a JSON object or list.
    ///
    /// # Errors
    /// There is neither.
    pub fn data(&self) -> Result<Value, Wrong> {
        if let Some(structured) = self.structured() {
            return Ok(structured.clone());
        }
        self.texts()
            .iter()
            .filter_map(|text| serde_json::from_str::<Value>(text).ok())
            .find(|value| value.is_object() || value.is_array())
            .ok_or_else(|| {
                self.wrong(format!(
                    "The result of {} holds no data.",
                    self.reply.subject()
                ))
                .expected("`structuredContent`, or a text block that is JSON")
            })
    }

    /// One string of the data, such as the id of a task.
    ///
    /// # Errors
    /// There is no data, or it has no such string.
    pub fn string(&self, key: &str) -> Result<String, Wrong> {
        let data = self.data()?;
        data[key].as_str().map(Into::into).ok_or_else(|| {
            self.wrong(format!(
                "The result of {} has no `{key}`.",
                self.reply.subject()
            ))
            .expected(format!("an object with the string `{key}`"))
        })
    }

    /// Something is wrong with this result. What was sent and what came back is filled in.
    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        self.reply.wrong(what)
    }

    /// The result, as a person says it.
    pub fn got(&self) -> String {
        let mut texts = self.texts();
        // A copy of the structured content says nothing new.
        if let Some(structured) = self.structured() {
            texts.retain(|text| serde_json::from_str(text).ok().as_ref() != Some(structured));
        }
        let content = match texts.as_slice() {
            [] if self.structured().is_some() => String::new(),
            [] => format!(", content {}", short::json(&self.result["content"])),
            [text] => format!(", {}", short::quoted(text)),
            [text, rest @ ..] => {
                format!(
                    ", {} and {} more text blocks",
                    short::quoted(text),
                    rest.len()
                )
            }
        };
        let structured = match self.structured() {
            Some(value) => format!(", structuredContent {}", short::json(value)),
            None => String::new(),
        };
        format!("result.isError = {}{content}{structured}", self.is_error())
    }
}

fn spoken_error(error: &Value) -> String {
    let message = short::quoted(error["message"].as_str().unwrap_or_default());
    let data = match error.get("data").filter(|data| !data.is_null()) {
        Some(data) => format!(", data {}", short::json(data)),
        None => String::new(),
    };
    format!("protocol error {} {message}{data}", error["code"])
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn arrived(message: Value) -> Arrived {
        Arrived {
            message,
            heard_before: 0,
        }
    }

    fn reply(result: Value) -> Reply {
        let request =
            json!({"id": 1, "method": "tools/call", "params": {"name": "t", "arguments": {}}});
        let message = json!({"id": 1, "result": result});
        Reply::new(request, arrived(message), Era::Modern)
    }

    #[test]
    fn text_is_quoted() {
        let told =
            reply(json!({"content": [{"type": "text", "text": "added"}], "isError": false})).got();
        assert_eq!(told, r#"result.isError = false, "added""#);
    }

    #[test]
    fn a_copy_of_the_structured_content_is_not_repeated() {
        let content = json!([{"type": "text", "text": "{\"id\": 1}"}]);
        let told = reply(json!({"content": content, "structuredContent": {"id": 1}})).got();
        assert_eq!(
            told,
            r#"result.isError = false, structuredContent {"id":1}"#
        );
    }

    #[test]
    fn a_protocol_error_is_no_tool_error() {
        let request = json!({"id": 1, "method": "tools/call", "params": {"name": "t"}});
        let error = json!({"id": 1, "error": {"code": -32602, "message": "no"}});
        let reply = Reply::new(request, arrived(error), Era::Modern);
        let refused = reply.tool_error("It is refused in the wrong way.", "a tool error");
        let failure = refused.expect_err("is wrong").into_failure();
        assert_eq!(failure.got, r#"protocol error -32602 "no""#);
        assert!(failure.notes[0].starts_with("A protocol error is due for an unknown tool"));
    }
}
