//! Resources: the list of them, and the contents that they have.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use verdict::Era;

use super::finding::{Verdict, Wrong, ensure};
use super::protocol;
use super::reply::Reply;
use super::server::Server;
use super::short;

/// What a legacy client is told of a resource that is not there.
const LEGACY_NOT_FOUND: i64 = -32002;

/// One entry of `contents`.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a>(&'a Value);

impl<'a> Content<'a> {
    /// Its URI.
    pub fn uri(&self) -> &'a str {
        self.0["uri"].as_str().unwrap_or_default()
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&'a str> {
        self.0["text"].as_str()
    }

    /// Its blob, as it was sent.
    pub fn blob(&self) -> Option<&'a str> {
        self.0["blob"].as_str()
    }

    /// Its bytes: those of the text, or those of which the blob is the base64. None if it is not base64 with the standard
    /// alphabet and padding.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self.text() {
            Some(text) => Some(text.as_bytes().to_vec()),
            None => BASE64_STANDARD.decode(self.blob()?).ok(),
        }
    }

    /// Its media type in small letters, without parameters such as `charset`.
    pub fn media_type(&self) -> String {
        media_type(&self.0["mimeType"])
    }

    /// As a person says it.
    pub fn spoken(&self) -> String {
        let content = match (self.text(), self.blob()) {
            (Some(text), _) => format!("text {}", short::quoted(text)),
            (_, Some(blob)) => format!("blob of {} characters", blob.len()),
            _ => "neither text nor blob".to_owned(),
        };
        let uri = short::quoted(self.uri());
        format!("{uri}, mimeType {}, {content}", self.0["mimeType"])
    }
}

/// A media type in small letters, without parameters.
fn media_type(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let bare = text.split(';').next().unwrap_or_default();
    bare.trim().to_lowercase()
}

/// What is told of the contents in a result of `resources/read`; nothing if there are none.
pub(super) fn spoken(result: &Value) -> Option<String> {
    let contents = result["contents"].as_array()?;
    let told: Vec<String> = contents
        .iter()
        .map(|entry| Content(entry).spoken())
        .collect();
    match told.as_slice() {
        [] => Some("empty `contents`".to_owned()),
        [only] => Some(format!("contents {only}")),
        [first, rest @ ..] => Some(format!("contents {first} and {} more", rest.len())),
    }
}

impl Reply {
    /// What was read: one entry at least, each with a URI and either text or a blob.
    ///
    /// # Errors
    /// It is an error, or anything else.
    pub fn contents(&self) -> Result<Vec<Content<'_>>, Wrong> {
        let expected = "result.contents with one entry at least";
        let result = self
            .result()
            .map_err(|refused| refused.expected(expected))?;
        let entries = result["contents"].as_array().ok_or_else(|| {
            self.wrong("The answer to resources/read has no contents.")
                .expected(expected)
        })?;
        ensure(!entries.is_empty(), || {
            self.wrong("The contents are empty.").expected(expected)
        })?;
        let contents: Vec<Content<'_>> = entries.iter().map(Content).collect();
        for content in &contents {
            let one = content.text().is_some() != content.blob().is_some();
            ensure(one && !content.uri().is_empty(), || {
                self.wrong("Contents have no URI, or not one of text and blob.")
                    .expected("`uri`, and either `text` or `blob`")
            })?;
        }
        Ok(contents)
    }

    /// The one entry that has the URI that was asked for.
    ///
    /// # Errors
    /// As [`Reply::contents`], and if no entry has it.
    pub fn content_of(&self, uri: &str) -> Result<Content<'_>, Wrong> {
        let contents = self.contents()?;
        let found = contents.iter().find(|content| content.uri() == uri);
        found.copied().ok_or_else(|| {
            self.wrong("The contents have another URI than the one that was asked for.")
                .expected(format!("`uri` {}", short::quoted(uri)))
        })
    }

    /// Demands the error for a resource that is not there.
    ///
    /// # Errors
    /// It is a result, or another error.
    pub fn expect_not_found(&self, what: &str) -> Result<&Value, Wrong> {
        let code = match self.era() {
            Era::Modern => protocol::INVALID_PARAMS,
            Era::Legacy => LEGACY_NOT_FOUND,
        };
        self.expect_error(code, what)
    }

    /// Demands that a URI was refused as one that leads nowhere. For a legacy client either code will do: it may be taken for
    /// a resource that is not there, or for a parameter that cannot be.
    ///
    /// # Errors
    /// It is a result, or another error.
    pub fn expect_no_resource(&self, what: &str) -> Result<&Value, Wrong> {
        match (self.era(), self.error_code(), self.error()) {
            (Era::Legacy, Some(protocol::INVALID_PARAMS), Some(error)) => Ok(error),
            _ => self.expect_not_found(what),
        }
    }
}

impl Server {
    /// Reads a resource.
    ///
    /// # Errors
    /// There is no reply within the request limit.
    pub async fn read(&self, uri: &str) -> Verdict<Reply> {
        self.request("resources/read", json!({"uri": uri})).await
    }

    /// Everything that is listed, page by page.
    ///
    /// # Errors
    /// The list is refused, has no end, or is no list.
    pub async fn resources(&self) -> Verdict<Vec<Value>> {
        self.list("resources/list", "resources").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_standard_base64_has_bytes() {
        let blob = |text: &str| Content(&json!({"uri": "a://b", "blob": text})).bytes();
        assert_eq!(blob("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(blob("-_8="), None);
        assert_eq!(blob("+/8"), None);
    }

    #[test]
    fn contents_are_told_in_short() {
        let result = json!({"contents": [
            {"uri": "a://b", "mimeType": "text/markdown; charset=utf-8", "text": "All of it"},
            {"uri": "a://c", "blob": "AAEC"},
        ]});
        let expected = r#"contents "a://b", mimeType "text/markdown; charset=utf-8", text "All of it" and 1 more"#;
        assert_eq!(spoken(&result).as_deref(), Some(expected));
        assert_eq!(
            Content(&result["contents"][0]).media_type(),
            "text/markdown"
        );
        assert_eq!(spoken(&json!({})), None);
    }
}
