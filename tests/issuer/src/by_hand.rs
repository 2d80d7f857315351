//! An issuer for people: on a port that they know, with faults by hand; or the one that runs there already.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;

use crate::client::{SERVER_CLIENT, SERVER_SECRET};
use crate::handle::Issuer;
use crate::options::Options;
use crate::routes;

/// Where people expect an issuer. Not among the ports after the tracker's, which a second tracker may take.
pub const PORT: u16 = 8189;

/// Where the tracker is, unless that port was taken.
const USUAL_UPSTREAM: &str = "http://127.0.0.1:8089";

/// Whoever does not answer within this time is no issuer: one answers within a millisecond.
const PATIENCE: Duration = Duration::from_millis(500);

/// Longest reply that is read of a program that may be anything, in bytes.
const REPLY: u64 = 64 * 1024;

/// An issuer, and what a client of it must know.
#[derive(Debug)]
pub struct ByHand {
    /// The issuer identifier.
    pub url: String,
    /// None if it was there before.
    own: Option<Issuer>,
}

impl ByHand {
    /// Starts an issuer on this port or the next free one; 0 lets the system choose. It has the admin routes.
    /// `opaque_tokens` as in [`Options`].
    ///
    /// # Errors
    /// No port is free, or there are no random numbers.
    pub async fn start(port: u16, opaque_tokens: BTreeMap<String, String>) -> io::Result<Self> {
        let options = Options {
            admin: true,
            opaque_tokens,
            ..Options::default()
        };
        let issuer = Issuer::on(service::bind(port).await?, options)?;
        Ok(Self {
            url: issuer.url(),
            own: Some(issuer),
        })
    }

    /// Takes the issuer that runs on this port; if there is none, starts one as [`ByHand::start`] does.
    ///
    /// # Errors
    /// No port is free, or there are no random numbers.
    pub async fn find_or_start(
        port: u16,
        opaque_tokens: BTreeMap<String, String>,
    ) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if port != 0 && is_issuer(address).await {
            return Ok(Self {
                url: format!("http://{address}"),
                own: None,
            });
        }
        Self::start(port, opaque_tokens).await
    }

    /// Whether it ran before, and will go on when this value is gone.
    pub fn was_there(&self) -> bool {
        self.own.is_none()
    }

    /// How a server that has an upstream gets its own token for it here, as its environment says it. None if this issuer may
    /// not know that upstream: one that was there before knows the tracker at its usual address.
    pub fn upstream_client(&self, upstream: &str) -> Option<[(&'static str, String); 3]> {
        let known = match &self.own {
            Some(issuer) => issuer.gives_opaque_token(upstream),
            None => upstream == USUAL_UPSTREAM,
        };
        known.then(|| {
            [
                (
                    "TRACKER_TOKEN_URL",
                    format!("{}{}", self.url, routes::TOKEN),
                ),
                ("TRACKER_CLIENT_ID", SERVER_CLIENT.to_owned()),
                ("TRACKER_CLIENT_SECRET", SERVER_SECRET.to_owned()),
            ]
        })
    }

    /// Stops it, if it was started here.
    pub async fn stop(self) {
        if let Some(issuer) = self.own {
            issuer.stop().await;
        }
    }
}

/// Whether an issuer listens there.
async fn is_issuer(address: SocketAddr) -> bool {
    let host = address.to_string();
    let reply = service::get(address, &host, routes::HEALTH, &[], REPLY, PATIENCE).await;
    reply.is_ok_and(|reply| {
        let health: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        reply.status == 200 && health["service"] == "issuer"
    })
}
