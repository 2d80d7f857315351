//! A tracker of its own for each test, and a client that sends exactly the bytes it is told to.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracker::{DEFAULT_TOKEN, Fault, Options, Tracker};

/// Nothing in these tests takes this long.
const LIMIT: Duration = Duration::from_secs(20);

/// A running tracker and the token for it.
pub(crate) struct Api {
    pub(crate) tracker: Tracker,
    pub(crate) token: String,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let tracker = Tracker::start(options).await.expect("a free port");
        Self {
            tracker,
            token: DEFAULT_TOKEN.into(),
        }
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.tracker.fault(fault).expect("the route exists");
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, &[], body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], b"").await
    }

    pub(crate) async fn json(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let mut headers = headers.to_vec();
        headers.push(("Content-Type", "application/json"));
        self.send(method, path, &headers, body.to_string().as_bytes())
            .await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let authorization = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &authorization));
        self.bare(method, path, &headers, body).await
    }

    /// Without a token of its own.
    pub(crate) async fn bare(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let exchange = async {
            let mut stream = self.open(method, path, headers, body).await;
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await.expect("a reply");
            Reply::read(&bytes)
        };
        tokio::time::timeout(LIMIT, exchange)
            .await
            .expect("a reply in time")
    }

    /// Sends a request and leaves its reply unread.
    pub(crate) async fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> TcpStream {
        let mut stream = TcpStream::connect(self.tracker.address())
            .await
            .expect("a connection");
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        stream
            .write_all(head.as_bytes())
            .await
            .expect("sending the head");
        stream.write_all(body).await.expect("sending the body");
        stream
    }

    /// Walks a list from its first page to its last and gives the field `name` of every item.
    pub(crate) async fn walk(&self, path: &str, limit: usize, name: &str) -> Vec<String> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut values = Vec::new();
        let mut next = format!("{path}{separator}limit={limit}");
        loop {
            let page = self.get(&next).await.ok();
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= limit);
            values.extend(
                items
                    .iter()
                    .map(|item| item[name].as_str().expect("text").to_owned()),
            );
            match page.get("next_cursor") {
                Some(cursor) => {
                    assert_eq!(items.len(), limit, "only the last page may be short");
                    next = format!(
                        "{path}{separator}limit={limit}&cursor={}",
                        cursor.as_str().expect("text")
                    );
                }
                None => return values,
            }
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Reply {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("an empty line");
        let head = std::str::from_utf8(&bytes[..end]).expect("a head in ASCII");
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .expect("a status line");
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let reply = Self {
            status: status.parse().expect("a number"),
            body: bytes[end + 4..].to_vec(),
            headers,
        };
        if let Some(length) = reply.header("content-length") {
            assert_eq!(length, reply.body.len().to_string(), "a whole body");
        }
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The body of a reply that says yes.
    pub(crate) fn ok(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert!((200..300).contains(&self.status), "{}: {text}", self.status);
        self.json()
    }

    /// Holds a reply that says no to the shape of all problems, and gives its body.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let body = self.json();
        assert_eq!(
            body["type"],
            format!("urn:tracker:problem:{name}"),
            "{text}"
        );
        assert_eq!(body["status"], status);
        assert!(body["title"].is_string() && body["detail"].is_string());
        body
    }
}
