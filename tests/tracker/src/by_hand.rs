//! A tracker for people: on a port that they know, with faults by hand; or the one that runs there already.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;

use crate::access::Tokens;
use crate::handle::Tracker;
use crate::options::Options;
use crate::routes;

/// Where people expect a tracker.
pub const PORT: u16 = 8089;

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
        let tracker = Tracker::on(service::bind(port).await?, options)?;
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
    let (host, bearer) = (address.to_string(), format!("Bearer {token}"));
    let headers = [("Authorization", bearer.as_str())];
    let reply = service::get(address, &host, path, &headers, REPLY, PATIENCE).await;
    reply.ok().map(|reply| (reply.status, reply.body))
}
