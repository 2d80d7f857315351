//! A web server on this machine that says what a check wants to hear, and counts who comes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{Stop, Verdict};

/// Longest request that is read, in bytes.
const REQUEST: usize = 8192;

/// A running web server. It ends with the runtime of the checker.
#[derive(Debug, Clone)]
pub(super) struct Web {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Starts one. `answer` gets each request as text, and how many there were, and returns the whole reply.
    ///
    /// # Errors
    /// The machine has no port to give.
    pub(super) async fn start(answer: fn(&str, usize) -> String) -> Verdict<Self> {
        let failed =
            |error: std::io::Error| Stop::Fault(format!("cannot start a web server: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(failed)?;
        let web = Self {
            address: listener.local_addr().map_err(failed)?,
            requests: Arc::default(),
        };
        let own = web.clone();
        tokio::spawn(async move {
            while let Ok((mut visitor, _)) = listener.accept().await {
                let mut request = [0; REQUEST];
                let read = visitor.read(&mut request).await.unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let count = own.came(&request);
                let reply = answer(&request, count);
                // Who has gone does not want it.
                let _ = visitor.write_all(reply.as_bytes()).await;
            }
        });
        Ok(web)
    }

    /// Writes a request down, and says how many there were.
    fn came(&self, request: &str) -> usize {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.to_owned());
        requests.len()
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many requests there were.
    pub(super) fn visits(&self) -> usize {
        self.requests().len()
    }

    /// All requests as they came, with their headers.
    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.clone()
    }
}

/// A reply with a body, after which the connection ends.
pub(super) fn ok(media_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
