//! One request over HTTP and its reply, byte by byte: a client library would not send what some checks have to.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::line::Framing;
use crate::harness::finding::{Wrong, wrong};
use crate::harness::short;

/// Longest reply that is read, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A request that is about to be sent.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// Such as `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names and values, in the order in which they are sent. A name may come twice.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request without headers and body.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// With this header in place of every one of its name.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// With one more header, whatever is there already.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self
    }

    /// With another body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// As it goes over the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let head = self.head(Framing::Length(self.body.len() as u64));
        [head.as_bytes(), &self.body].concat()
    }

    /// What goes over the wire before the body.
    pub(super) fn head(&self, framing: Framing) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &match framing {
            Framing::Length(bytes) => format!("Content-Length: {bytes}\r\n"),
            Framing::Chunked => "Transfer-Encoding: chunked\r\n".to_owned(),
        };
        head + "Connection: close\r\n\r\n"
    }

    /// Sends the request over a connection of its own, and reads the reply to its end.
    ///
    /// # Errors
    /// There is no connection, it breaks, or what comes is no HTTP.
    pub(in crate::harness) async fn send(&self, to: SocketAddr) -> std::io::Result<HttpReply> {
        let mut stream = TcpStream::connect(to).await?;
        // A server may refuse and hang up before it has read everything: its reply counts.
        let _ = stream.write_all(&self.bytes()).await;
        let mut bytes = Vec::new();
        let read = stream.take(LONGEST).read_to_end(&mut bytes).await;
        match HttpReply::parse(&bytes) {
            Some(reply) => Ok(reply),
            None => {
                read?;
                Err(std::io::Error::other("the reply is no HTTP"))
            }
        }
    }
}

/// A reply.
#[derive(Debug, Clone)]
pub struct HttpReply {
    /// Such as 200.
    pub status: u16,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl HttpReply {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = find(bytes, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let line = lines.next()?.to_owned();
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().into()))
            .collect();
        let body = bytes[end + 4..].to_vec();
        let mut reply = Self {
            status,
            line,
            headers,
            body,
        };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunked(&reply.body)?;
        }
        Some(reply)
    }

    /// A header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(present, _)| present == name)?;
        Some(value)
    }

    /// Whether a text is in the body or in a header.
    pub fn mentions(&self, text: &str) -> bool {
        self.text().contains(text) || self.headers.iter().any(|(_, value)| value.contains(text))
    }

    /// The status line, such as `HTTP/1.1 200 OK`.
    pub fn status_line(&self) -> &str {
        &self.line
    }

    /// Names, in small letters, and values, in the order in which they came.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The body as text, with invalid UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The messages in the body: one JSON value, or those of a stream of events.
    pub fn messages(&self) -> Vec<Value> {
        let text = self.text();
        if !self.is_stream() {
            return serde_json::from_str(&text).into_iter().collect();
        }
        text.lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .filter_map(|data| serde_json::from_str(data).ok())
            .collect()
    }

    /// Whether the body is as long as the head says.
    pub(super) fn is_complete(&self) -> bool {
        let length = self.header("content-length");
        length.and_then(|length| length.parse().ok()) == Some(self.body.len())
    }

    /// Whether the body is a stream of events.
    pub(super) fn is_stream(&self) -> bool {
        self.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"))
    }

    /// The reply of the protocol: the message with this id.
    pub fn answer_to(&self, id: &Value) -> Option<Value> {
        let own = |message: &Value| message["id"] == *id && message.get("method").is_none();
        self.messages().into_iter().find(own)
    }

    /// The reply, as a person says it.
    pub fn got(&self) -> String {
        let challenge = match self.header("www-authenticate") {
            Some(challenge) => format!(", WWW-Authenticate: {challenge}"),
            None => String::new(),
        };
        match self.text().trim() {
            "" => format!("{}{challenge}", self.status),
            text => format!("{}{challenge}, {}", self.status, short::line(text)),
        }
    }

    /// Something is wrong with this reply to `sent`.
    pub fn wrong(&self, what: impl Into<String>, sent: impl Into<String>) -> Wrong {
        wrong(what).sent(sent).got(self.got())
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// The body without the lengths between its parts.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    // A stream that the server cut off ends without the last part; what came counts.
    while let Some(end) = find(bytes, b"\r\n") {
        let length = std::str::from_utf8(&bytes[..end]).ok()?;
        let length = usize::from_str_radix(length.trim(), 16).ok()?;
        let rest = &bytes[end + 2..];
        let part = rest.get(..length).unwrap_or(rest);
        whole.extend_from_slice(part);
        bytes = rest.get(length + 2..).unwrap_or_default();
        if length == 0 {
            break;
        }
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::HttpReply;
    use serde_json::json;

    #[test]
    fn a_stream_in_parts_is_put_together() {
        let event = "data: {\"id\":1,\"result\":{}}\n\n";
        let (first, second) = event.split_at(9);
        let bytes = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n\
             {:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
            first.len(),
            second.len()
        );
        let reply = HttpReply::parse(bytes.as_bytes()).expect("HTTP");
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.answer_to(&json!(1)),
            Some(json!({"id": 1, "result": {}}))
        );
    }
}
