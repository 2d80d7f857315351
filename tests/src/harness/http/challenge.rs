//! The header `WWW-Authenticate`: what a refusal tells a client.

use super::HttpReply;
use crate::harness::{Wrong, ensure};

/// A challenge for bearer tokens.
#[derive(Debug)]
pub struct Challenge(Vec<(String, String)>);

impl Challenge {
    /// The challenge of a reply to `sent`.
    ///
    /// # Errors
    /// The reply has another status, or no challenge for bearer tokens.
    pub fn of(reply: &HttpReply, status: u16, sent: &str) -> Result<Self, Wrong> {
        let expected = format!(
            "{status}, with a header WWW-Authenticate: Bearer that has resource_metadata=\"…\""
        );
        ensure(reply.status == status, || {
            reply
                .wrong("The status of the refusal is another one.", sent)
                .expected(&expected)
        })?;
        let text = reply.header("www-authenticate").unwrap_or_default();
        match text.split_once(' ') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Self(parse(rest))),
            _ => Err(reply
                .wrong(
                    "The refusal has no challenge: a client cannot know what to do.",
                    sent,
                )
                .expected(expected)),
        }
    }

    /// A parameter, if it is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(present, _)| present == name)?;
        Some(value)
    }

    /// The scopes that it names.
    pub fn scopes(&self) -> Vec<&str> {
        self.get("scope").unwrap_or_default().split(' ').collect()
    }
}

/// Parameters with commas between them; values mostly in quotation marks, in which a comma is text.
fn parse(text: &str) -> Vec<(String, String)> {
    let (mut parts, mut part, mut quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => parts.push(std::mem::take(&mut part)),
            _ => part.push(letter),
        }
    }
    parts.push(part);
    let pair = |part: String| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    parts.into_iter().filter_map(pair).collect()
}
