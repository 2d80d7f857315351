//! Prompts: the list of them, and the messages that they become.

use serde_json::{Value, json};

use super::finding::{Verdict, Wrong, ensure};
use super::reply::Reply;
use super::server::Server;
use super::short;

/// So many messages are told of a prompt.
const TOLD: usize = 4;

/// One message of a prompt.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// `user` or `assistant`.
    pub role: &'a str,
    /// The one block that it holds.
    pub content: &'a Value,
}

impl<'a> Message<'a> {
    /// The text, if the block is one.
    pub fn text(&self) -> Option<&'a str> {
        self.of_type("text")?["text"].as_str()
    }

    /// What is embedded, if the block is an embedded resource.
    pub fn embedded(&self) -> Option<&'a Value> {
        Some(&self.of_type("resource")?["resource"])
    }

    /// The link, if the block is one.
    pub fn link(&self) -> Option<&'a Value> {
        self.of_type("resource_link")
    }

    fn of_type(&self, kind: &str) -> Option<&'a Value> {
        (self.content["type"] == kind).then_some(self.content)
    }

    /// As a person says it; `quote` is how text is quoted.
    fn spoken(&self, quote: fn(&str) -> String) -> String {
        let content = match (self.text(), self.embedded(), self.link()) {
            (Some(text), ..) => quote(text),
            (_, Some(resource), _) => {
                let (uri, media_type) = (&resource["uri"], &resource["mimeType"]);
                let text = resource["text"].as_str().map(quote).unwrap_or_default();
                format!("resource {uri} {media_type} {text}")
            }
            (.., Some(link)) => format!("resource_link {}", link["uri"]),
            _ if self.content["type"] == "image" => format!("image {}", self.content["mimeType"]),
            _ => short::json(self.content),
        };
        format!("{} {content}", self.role)
    }
}

/// What is told of the messages in the result of `prompts/get`; nothing if there are none.
pub(super) fn spoken(result: &Value) -> Option<String> {
    let messages = result["messages"].as_array()?;
    // One text may be read at length, of several there is the beginning.
    let quote: fn(&str) -> String = match messages.len() {
        1 => short::quoted,
        _ => |text| short::json(&text.into()),
    };
    let told = messages
        .iter()
        .take(TOLD)
        .map(|message| match read(message) {
            Some(read) => read.spoken(quote),
            None => short::json(message),
        });
    let told: Vec<String> = told.collect();
    let more = match messages.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = match messages.len() {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    };
    Some(format!("{count}: {}{more}", told.join("; ")))
}

/// A message as the specification has it: a role, and one block of content.
fn read(message: &Value) -> Option<Message<'_>> {
    let role = message["role"].as_str()?;
    let content = &message["content"];
    let known = ["user", "assistant"].contains(&role) && content["type"].is_string();
    known.then_some(Message { role, content })
}

impl Reply {
    /// The messages of a prompt.
    ///
    /// # Errors
    /// The reply is a protocol error, or no result of `prompts/get`.
    pub fn messages(&self) -> Result<Vec<Message<'_>>, Wrong> {
        let messages = self.result()?["messages"].as_array();
        let read: Option<Vec<_>> = messages.and_then(|list| list.iter().map(read).collect());
        let read = read.ok_or_else(|| {
            self.wrong("The prompt is no list of messages.")
                .expected("result.messages, each with a `role` (user or assistant) and one block as its `content`")
        })?;
        ensure(!read.is_empty(), || {
            self.wrong("The prompt is empty.")
                .expected("at least one message")
        })?;
        Ok(read)
    }

    /// All text of a prompt: its text blocks, in their order.
    ///
    /// # Errors
    /// As [`Reply::messages`].
    pub fn prompt_text(&self) -> Result<String, Wrong> {
        let messages = self.messages()?;
        let texts: Vec<&str> = messages.iter().filter_map(Message::text).collect();
        Ok(texts.join("\n\n"))
    }
}

impl Server {
    /// Fills in a prompt.
    ///
    /// # Errors
    /// As [`Server::request`].
    pub async fn prompt(&self, name: &str, arguments: Value) -> Verdict<Reply> {
        let params = json!({"name": name, "arguments": arguments});
        self.request("prompts/get", params).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_by_their_roles() {
        let text = |text| json!({"type": "text", "text": text});
        let told = spoken(&json!({"messages": [
            {"role": "user", "content": text("Hello")},
            {"role": "assistant", "content": {"type": "resource", "resource": {
                "uri": "a://b", "mimeType": "text/markdown", "text": "All of it",
            }}},
        ]}));
        let expected =
            r#"2 messages: user "Hello"; assistant resource "a://b" "text/markdown" "All of it""#;
        assert_eq!(told.as_deref(), Some(expected));
        assert_eq!(spoken(&json!({})), None);
    }

    #[test]
    fn a_message_has_a_role_and_one_block() {
        for wrong in [
            json!({"role": "system", "content": {"type": "text", "text": "Hello"}}),
            json!({"role": "user", "content": [{"type": "text", "text": "Hello"}]}),
            json!({"role": "user", "content": "Hello"}),
        ] {
            assert!(read(&wrong).is_none(), "{wrong}");
        }
    }
}
