//! Fetching from the web what a caller names, and from nowhere else.
//!
//! A server stands where its callers do not: it reaches the loopback device, the network of the company, the
//! metadata service of the cloud. Whoever may give it an address can try to send it there (SSRF).
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/security-considerations>

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, Url, redirect};

use crate::errors::Failure;

/// Largest file, in bytes.
const MOST_BYTES: usize = 1_000_000;

/// A file may be so many redirects away.
const MOST_REDIRECTS: usize = 3;

/// A file from the web.
#[derive(Debug)]
pub struct File {
    /// Its media type, as its server says.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Fetches files.
pub struct Fetcher {
    hosts: HashMap<String, IpAddr>,
    excepted: Vec<SocketAddr>,
    attempt: Duration,
}

impl Fetcher {
    /// `hosts` are names that need no resolver, `excepted` addresses that are open though they are inside,
    /// `attempt` the limit of each request.
    pub fn new(
        hosts: HashMap<String, IpAddr>,
        excepted: Vec<SocketAddr>,
        attempt: Duration,
    ) -> Self {
        Self {
            hosts,
            excepted,
            attempt,
        }
    }

    /// Fetches a file.
    ///
    /// # Errors
    /// The address leads inside, now or after a redirect; or there is no file.
    pub async fn fetch(&self, address: &str) -> Result<File, Failure> {
        // STARTER 6.9: let unused = (address, MOST_REDIRECTS, &self.excepted);
        // STARTER 6.9: Err(Failure::Protocol(crate::not_yet::not_yet("6.9", unused)))
        // ANCHOR: ex-6-9
        let mut url = Url::parse(address).map_err(|_| refused())?;
        for _ in 0..=MOST_REDIRECTS {
            let has_user = !url.username().is_empty() || url.password().is_some();
            if !matches!(url.scheme(), "http" | "https") || has_user {
                return Err(refused());
            }
            let addresses = self.resolve(&url).await?;
            // One inside is enough to refuse the name: the client may take any of them.
            let open = |one: &SocketAddr| self.excepted.contains(one) || is_public(one.ip());
            if addresses.is_empty() || !addresses.iter().all(open) {
                return Err(refused());
            }
            // To these addresses and no other: a second look-up could have another answer.
            let reply = self.get(&url, &addresses).await?;
            match redirected(&reply) {
                Some(next) => url = url.join(next).map_err(|_| refused())?,
                None => return read(reply).await,
            }
        }
        Err(refused())
        // ANCHOR_END: ex-6-9
    }

    /// The addresses behind the host of a URL. One that is a number, however it is written, stands for
    /// itself.
    ///
    /// # Errors
    /// Nobody knows the name.
    pub async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Failure> {
        let port = url.port_or_known_default().ok_or_else(refused)?;
        let host = url.host_str().ok_or_else(refused)?;
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = literal.parse() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        if let Some(address) = self.hosts.get(host.trim_end_matches('.')) {
            return Ok(vec![SocketAddr::new(*address, port)]);
        }
        let looked_up = tokio::net::lookup_host((host, port));
        match tokio::time::timeout(self.attempt, looked_up).await {
            Ok(Ok(addresses)) => Ok(addresses.collect()),
            _ => Err(refused()),
        }
    }

    /// Sends one request, to one of `addresses`. Redirects are not followed.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn get(&self, url: &Url, addresses: &[SocketAddr]) -> Result<Response, Failure> {
        let client = Client::builder()
            .timeout(self.attempt)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
            .build();
        client
            .map_err(failed)?
            .get(url.clone())
            .send()
            .await
            .map_err(failed)
    }
}

/// Where a reply sends its reader.
pub fn redirected(reply: &Response) -> Option<&str> {
    let to = reply.headers().get(LOCATION)?.to_str().ok()?;
    reply.status().is_redirection().then_some(to)
}

/// The file in a reply.
///
/// # Errors
/// The reply is none of success, too long, or breaks off.
pub async fn read(reply: Response) -> Result<File, Failure> {
    let mut reply = reply.error_for_status().map_err(failed)?;
    let media_type = reply.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or("application/octet-stream").to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(Failure::tool("The file has more than 1 MB."));
        }
    }
    Ok(File { media_type, bytes })
}

/// For the model. The same for all addresses: what there is inside is nobody's business.
pub fn refused() -> Failure {
    Failure::tool("This address cannot be fetched: it has to be one of the public web.")
}

fn failed(error: reqwest::Error) -> Failure {
    tracing::warn!("{:#}", anyhow::Error::new(error));
    Failure::tool("There is no file at this address now.")
}
// ANCHOR: ex-6-9-b

/// Whether an address belongs to the public web.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: std::net::Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let inside = address.is_loopback() || address.is_private() || address.is_link_local();
    let none = a == 0 || a >= 224 || address.is_documentation();
    // Shared by providers, assigned by protocols, used for measurements, the old way into IPv6.
    let special = matches!(
        (a, b, c),
        (100, 64..128, _) | (192, 0, 0) | (198, 18..20, _) | (192, 88, 99)
    );
    !(inside || none || special)
}

fn is_public_v6(address: std::net::Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // 2000::/3 is all there is of the public web. Documentation and two kinds of tunnel are not.
    let tunnel_or_text = a == 0x2002 || a == 0x2001 && (b < 0x0200 || b == 0x0db8);
    a & 0xe000 == 0x2000 && !tunnel_or_text
}
// ANCHOR_END: ex-6-9-b
