//! The requests around a sign-in: small ones, on plain HTTP, with a limit.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reference_tests::harness::{HttpReply, HttpRequest, Incoming};
use serde_json::Value;
use tokio::time::timeout;

/// How long such a request may take.
const LIMIT: Duration = Duration::from_secs(10);

/// An address on the web, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Host and port, as the `Host` header has them.
    pub(super) host: String,
    /// Path and query.
    pub(super) target: String,
}

impl Address {
    /// Reads it.
    ///
    /// # Errors
    /// It is not at `http`: this client is for servers on this machine and speaks no TLS.
    pub(super) fn read(url: &str) -> anyhow::Result<Self> {
        let Some(rest) = url.strip_prefix("http://") else {
            bail!("{url} is not at http://; this client is for this machine and speaks no TLS");
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        if host.is_empty() || !host.bytes().all(|byte| byte.is_ascii_graphic()) {
            bail!("{url} is no address");
        }
        let slash = if target.starts_with('/') { "" } else { "/" };
        Ok(Self {
            host: host.to_owned(),
            target: format!("{slash}{target}"),
        })
    }

    /// The path, without the query.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Where to connect to.
    ///
    /// # Errors
    /// Nobody knows the name.
    pub(super) async fn socket(&self) -> anyhow::Result<SocketAddr> {
        let host = match self.host.rsplit_once(':') {
            Some((_, port)) if port.parse::<u16>().is_ok() => self.host.clone(),
            _ => format!("{}:80", self.host),
        };
        let mut found = tokio::net::lookup_host(&host).await?;
        found.next().with_context(|| format!("nobody is {host}"))
    }

    /// A request for it.
    pub(super) fn request(&self, method: &str) -> HttpRequest {
        HttpRequest::new(method, &self.target).and("Host", &self.host)
    }
}

/// Reads a JSON document, and tells of it.
///
/// # Errors
/// There is none.
pub(super) async fn document(url: &str) -> anyhow::Result<Value> {
    let address = Address::read(url)?;
    let reply = send(&address, &address.request("GET")).await?;
    super::tell!("GET {url}: {}", reply.status);
    if reply.status != 200 {
        bail!("{url} answers {}", reply.status);
    }
    serde_json::from_str(&reply.text()).with_context(|| format!("{url} is not JSON"))
}

/// Sends a form.
///
/// # Errors
/// There is no reply.
pub(super) async fn form(
    url: &str,
    fields: &[(&str, &str)],
    authorization: Option<&str>,
) -> anyhow::Result<HttpReply> {
    let address = Address::read(url)?;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut request = address
        .request("POST")
        .and("Content-Type", "application/x-www-form-urlencoded")
        .and("Accept", "application/json")
        .body(body);
    if let Some(authorization) = authorization {
        request = request.and("Authorization", authorization);
    }
    send(&address, &request).await
}

/// Sends a request whose reply is short.
///
/// # Errors
/// There is none in time.
pub(super) async fn send(address: &Address, request: &HttpRequest) -> anyhow::Result<HttpReply> {
    let host = &address.host;
    let exchange = async {
        match request.open(address.socket().await?).await? {
            Incoming::Whole(reply) => Ok(reply),
            Incoming::Stream(_) => bail!("{host} answers with a stream"),
        }
    };
    timeout(LIMIT, exchange)
        .await
        .with_context(|| format!("{host} did not answer within {} s", LIMIT.as_secs()))?
        .with_context(|| format!("{} {} at {host}", request.method, address.path()))
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_has_a_host_and_a_target() {
        let read = |url| Address::read(url).expect("an address");
        assert_eq!(read("http://[::1]:8080/mcp?a=b").target, "/mcp?a=b");
        assert_eq!(read("http://[::1]:8080/mcp?a=b").path(), "/mcp");
        assert_eq!(read("http://localhost").target, "/");
        assert!(Address::read("https://example.com/mcp").is_err());
        assert!(Address::read("http://a b/").is_err());
    }
}
