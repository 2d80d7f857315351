//! A tracker for people: on a port that they know, with faults by hand; or the one that runs there already.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::access::Tokens;
use crate::handle::Tracker;
use crate::routes;
use crate::serve::Options;

/// Where people expect a tracker.
pub const PORT: u16 = 8089;

/// If the wanted port is taken, so many after it are tried.
const FURTHER_PORTS: u16 = 50;

/// Whoever does not answer within this time is no tracker: one answers within a millisecond.
const PATIENCE: Duration = Duration::from_millis(500);

/// A path that wants the token, is in no journal and meets no fault.
const ADMIN_FAULTS: &str = "/admin/faults";

/// Longest reply that is read of a program that may be anything, in bytes.
const REPLY: u64 = 64 * 1024;

/// A tracker, and what a client of it must know.
#[derive(Debug)]
pub struct ByHand {
    /// The value for `TRACKER_URL`.
    pub url: String,
    /// The value for `TRACKER_TOKEN`.
    pub token: String,
    /// None if it was there before.
    own: Option<Tracker>,
}

impl ByHand {
    /// Starts a tracker that accepts `token` and has the admin routes, on this port or the next free one; 0 lets the system
    /// choose.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(port: u16, token: &str) -> io::Result<Self> {
        let options = Options {
            tokens: Tokens::Only(vec![token.into()]),
            admin: true,
            ..Options::default()
        };
        let tracker = Tracker::on(bind(port).await?, options)?;
        Ok(Self {
            url: tracker.url(),
            token: token.into(),
            own: Some(tracker),
        })
    }

    /// Takes the tracker that runs on this port, if it accepts `token`; else starts one as [`ByHand::start`] does.
    ///
    /// # Errors
    /// No port is free.
    pub async fn find_or_start(port: u16, token: &str) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if port != 0 && accepts(address, token).await {
            return Ok(Self {
                url: format!("http://{address}"),
                token: token.into(),
                own: None,
            });
        }
        Self::start(port, token).await
    }

    /// Whether it ran before, and will go on when this value is gone.
    pub fn was_there(&self) -> bool {
        self.own.is_none()
    }

    /// Stops it, if it was started here.
    pub async fn stop(self) {
        if let Some(tracker) = self.own {
            tracker.stop().await;
        }
    }
}

async fn bind(port: u16) -> io::Result<TcpListener> {
    let mut refused = None;
    for port in port..=port.saturating_add(FURTHER_PORTS) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Whether a tracker listens there that knows the token.
async fn accepts(address: SocketAddr, token: &str) -> bool {
    let Some((200, body)) = get(address, routes::HEALTH, token).await else {
        return false;
    };
    let health: Value = serde_json::from_slice(&body).unwrap_or_default();
    // Without admin routes this is a 404; only the token decides.
    let token = get(address, ADMIN_FAULTS, token).await;
    health["service"] == "tracker" && token.is_some_and(|(status, _)| status != 401)
}

/// Status and body of a reply, if there is one in time.
async fn get(address: SocketAddr, path: &str, token: &str) -> Option<(u16, Vec<u8>)> {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut reply = Vec::new();
        stream.take(REPLY).read_to_end(&mut reply).await?;
        io::Result::Ok(reply)
    };
    let reply = tokio::time::timeout(PATIENCE, exchange).await.ok()?.ok()?;
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&reply[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, reply[end + 4..].to_vec()))
}
