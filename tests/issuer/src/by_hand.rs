//! An issuer for people: on a port that they know, with faults by hand; or the one that runs there already.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;

use crate::handle::Issuer;
use crate::options::Options;
use crate::routes;

/// Where people expect an issuer. Not among the ports after the tracker's, which a second tracker may take.
pub const PORT: u16 = 8189;

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
