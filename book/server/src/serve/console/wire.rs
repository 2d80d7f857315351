//! Both directions of the wire as a page shows them: each line numbered, sorted by kind, replies tied to requests.

use std::collections::VecDeque;
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;
use verdict::From;
use verdict::protocol::is_message;

use super::lines::Line;

/// What is sent of a line to the page, in bytes.
pub(super) const LONGEST_SHOWN: usize = 256 * 1024;
/// Requests without a reply that are remembered.
const MOST_OPEN: usize = 1000;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct WireLine {
    /// Counted from 1 in this console.
    pub(super) number: u64,
    /// Milliseconds since the process was started.
    pub(super) at: u64,
    /// Whose line it is.
    pub(super) from: From,
    /// What it says. Bytes that are not UTF-8 have become `\u{fffd}`.
    pub(super) text: String,
    /// How many bytes at its end are not shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) left_out: u64,
    /// Whether it has bytes that are not UTF-8.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) not_utf8: bool,
    /// What it is.
    pub(super) kind: Kind,
    /// The method of a request or notification; of a reply, that of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<String>,
    /// The number of the request that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answers: Option<u64>,
    /// How many milliseconds after that request it comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) took: Option<u64>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// It waits for a reply.
    Request,
    /// It waits for nothing.
    Notification,
    /// A reply with a result.
    Result,
    /// A reply with an error.
    Error,
    /// Text: on standard error, from the console, or where a message should be.
    Text,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Numbers lines and ties replies to requests.
pub(super) struct Wire {
    began: Instant,
    last: u64,
    open: VecDeque<Open>,
}

/// A request without a reply.
struct Open {
    from: From,
    id: Value,
    number: u64,
    at: u64,
    method: String,
}

impl Wire {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            last: 0,
            open: VecDeque::new(),
        }
    }

    /// Another process: numbers go on, time and requests begin anew.
    pub(super) fn restart(&mut self) {
        self.began = Instant::now();
        self.open.clear();
    }

    /// A line that the console sends or says.
    pub(super) fn own(&mut self, from: From, text: &str) -> WireLine {
        let line = Line {
            bytes: text.as_bytes().to_vec(),
            left_out: 0,
        };
        let message = match from {
            From::Client => serde_json::from_str(text).ok(),
            _ => None,
        };
        self.line(from, &line, message.as_ref())
    }

    /// A line of `from`; `message` is what it means, if it means something.
    pub(super) fn line(&mut self, from: From, line: &Line, message: Option<&Value>) -> WireLine {
        self.last += 1;
        let whole = String::from_utf8_lossy(&line.bytes);
        let text = beginning(&whole);
        let mut told = WireLine {
            number: self.last,
            at: self.began.elapsed().as_millis() as u64,
            from,
            text: text.to_owned(),
            left_out: line.left_out + (whole.len() - text.len()) as u64,
            not_utf8: matches!(whole, std::borrow::Cow::Owned(_)),
            kind: Kind::Text,
            method: None,
            answers: None,
            took: None,
        };
        if let Some(message) = message.filter(|message| is_message(message)) {
            self.sort(&mut told, message);
        }
        told
    }

    fn sort(&mut self, line: &mut WireLine, message: &Value) {
        let Some(method) = message["method"].as_str() else {
            line.kind = match message.get("error") {
                Some(_) => Kind::Error,
                None => Kind::Result,
            };
            let asked = self
                .open
                .iter()
                .position(|open| open.from != line.from && open.id == message["id"]);
            if let Some(open) = asked.and_then(|place| self.open.remove(place)) {
                line.answers = Some(open.number);
                line.took = Some(line.at.saturating_sub(open.at));
                line.method = Some(open.method);
            }
            return;
        };
        line.method = Some(method.to_owned());
        let Some(id) = message.get("id") else {
            line.kind = Kind::Notification;
            return;
        };
        line.kind = Kind::Request;
        if self.open.len() == MOST_OPEN {
            self.open.pop_front();
        }
        self.open.push_back(Open {
            from: line.from,
            id: id.clone(),
            number: line.number,
            at: line.at,
            method: method.to_owned(),
        });
    }
}

/// As much of a text as is shown, cut between two characters.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn server(wire: &mut Wire, text: &str) -> WireLine {
        let line = Line {
            bytes: text.into(),
            left_out: 0,
        };
        let message = serde_json::from_str(text).ok();
        wire.line(From::Server, &line, message.as_ref())
    }

    #[test]
    fn a_reply_is_tied_to_the_request_of_the_other_side() {
        let mut wire = Wire::new();
        let ask = json!({"jsonrpc": "2.0", "id": 0, "method": "tools/call"}).to_string();
        let asked = wire.own(From::Client, &ask);
        assert_eq!((asked.kind, asked.number), (Kind::Request, 1));
        // The server counts its own requests, and begins with the same number.
        let back = server(
            &mut wire,
            r#"{"jsonrpc":"2.0","id":0,"method":"elicitation/create"}"#,
        );
        assert_eq!(back.kind, Kind::Request);
        let reply = server(&mut wire, r#"{"jsonrpc":"2.0","id":0,"result":{}}"#);
        assert_eq!((reply.kind, reply.answers), (Kind::Result, Some(1)));
        assert_eq!(reply.method.as_deref(), Some("tools/call"));
        let again = server(&mut wire, r#"{"jsonrpc":"2.0","id":0,"result":{}}"#);
        assert_eq!(again.answers, None, "one request has one reply");
        let own = json!({"jsonrpc": "2.0", "id": 0, "error": {"code": 1}}).to_string();
        let own = wire.own(From::Client, &own);
        assert_eq!((own.kind, own.answers), (Kind::Error, Some(2)));
    }

    #[test]
    fn what_is_no_message_is_text() {
        let mut wire = Wire::new();
        assert_eq!(server(&mut wire, "hello").kind, Kind::Text);
        assert_eq!(
            server(&mut wire, r#"{"id":1,"result":{}}"#).kind,
            Kind::Text
        );
        let broken = Line {
            bytes: b"caf\xe9".to_vec(),
            left_out: 0,
        };
        let line = wire.line(From::Stderr, &broken, None);
        assert_eq!((line.text.as_str(), line.not_utf8), ("caf\u{fffd}", true));
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let mut wire = Wire::new();
        let text = format!("a{}", "ä".repeat(LONGEST_SHOWN));
        let line = server(&mut wire, &text);
        assert_eq!(line.text.len() as u64 + line.left_out, text.len() as u64);
        assert_eq!(line.text.len(), LONGEST_SHOWN - 1);
    }
}
