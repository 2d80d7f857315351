//! Client ID Metadata Documents: the `client_id` is an address, and what stands there describes the client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::client::{Client, Grant};
use crate::refusal::Refusal;
use crate::uri::{self, Address};

/// Longest document, in bytes: what the draft recommends.
pub const LONGEST_DOCUMENT: u64 = 5 * 1024;

/// How long a document may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether a `client_id` claims to be the address of a document.
pub(crate) fn is_address(client_id: &str) -> bool {
    client_id.starts_with("https://") || client_id.starts_with("http://")
}

/// The part of a document that matters here.
#[derive(Deserialize)]
struct Document {
    client_id: String,
    client_name: Option<String>,
    redirect_uris: Vec<String>,
    #[serde(default = "code_only")]
    grant_types: Vec<String>,
    token_endpoint_auth_method: Option<String>,
    client_secret: Option<Value>,
}

/// What RFC 7591 says about a client that names no grant.
fn code_only() -> Vec<String> {
    vec![Grant::AuthorizationCode.name().into()]
}

/// Gets the document at the address `client_id` and reads it.
///
/// # Errors
/// `invalid_client`, with what is wrong.
pub(crate) async fn fetch(client_id: &str) -> Result<Client, Refusal> {
    let address = permitted(client_id)?;
    let reply = service::get(
        socket(&address),
        &host(&address),
        &address.path_and_query,
        &[],
        LONGEST_DOCUMENT,
        PATIENCE,
    )
    .await
    .map_err(|error| wrong(format!("The document cannot be had: {error}.")))?;
    if reply.status != 200 {
        let status = reply.status;
        return Err(wrong(format!(
            "The document's status is {status}. It has to be 200; nothing is followed."
        )));
    }
    let essence = reply.content_type.split(';').next().unwrap_or_default();
    if essence != "application/json"
        && !(essence.starts_with("application/") && essence.ends_with("+json"))
    {
        return Err(wrong("The document is not application/json."));
    }
    let document = serde_json::from_slice(&reply.body)
        .map_err(|error| wrong(format!("The document cannot be read: {error}.")))?;
    read(client_id, document)
}

/// Reads a document that was found at the address `client_id`.
///
/// # Errors
/// `invalid_client`, with what is wrong.
pub(crate) fn read(client_id: &str, document: Value) -> Result<Client, Refusal> {
    let document: Document = serde_json::from_value(document)
        .map_err(|error| wrong(format!("The document cannot be read: {error}.")))?;
    if document.client_id != client_id {
        return Err(wrong("The document's client_id is not its address."));
    }
    let method = document.token_endpoint_auth_method.as_deref();
    if document.client_secret.is_some() || method.is_some_and(|method| method != "none") {
        return Err(wrong(
            "The document is public, so the client has no secret: token_endpoint_auth_method has to be none.",
        ));
    }
    if let Some(redirect) = document
        .redirect_uris
        .iter()
        .find(|redirect| !uri::may_be_redirect(redirect))
    {
        return Err(wrong(format!(
            "{redirect:?} is no redirect URI: it has to be https, or http on this machine."
        )));
    }
    let is_granted = |grant: &Grant| document.grant_types.iter().any(|name| name == grant.name());
    Ok(Client {
        id: client_id.into(),
        name: document.client_name.unwrap_or_else(|| client_id.into()),
        secret: None,
        redirect_uris: document.redirect_uris,
        // A client without a secret cannot act for itself.
        grants: [Grant::AuthorizationCode, Grant::RefreshToken]
            .into_iter()
            .filter(is_granted)
            .collect(),
    })
}

/// The address, if it is one that may be asked.
fn permitted(client_id: &str) -> Result<Address, Refusal> {
    let address = Address::read(client_id)
        .ok_or_else(|| wrong("As an address, client_id has neither a user name nor a fragment."))?;
    if address.path() == "/"
        || address
            .path()
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
    {
        return Err(wrong(
            "As an address, client_id has a path, and no segment of it is a dot.",
        ));
    }
    if address.secure {
        return Err(wrong(
            "This issuer is for learning and goes nowhere but to this machine. Serve the document over http on 127.0.0.1.",
        ));
    }
    if !address.is_loopback() {
        return Err(wrong(
            "As an address, client_id is https, or http on this machine.",
        ));
    }
    Ok(address)
}

fn socket(address: &Address) -> SocketAddr {
    let ip = match address.host.as_str() {
        "[::1]" => IpAddr::from(Ipv6Addr::LOCALHOST),
        _ => IpAddr::from(Ipv4Addr::LOCALHOST),
    };
    SocketAddr::new(ip, address.port.unwrap_or(80))
}

fn host(address: &Address) -> String {
    match address.port {
        Some(port) => format!("{}:{port}", address.host),
        None => address.host.clone(),
    }
}

fn wrong(description: impl Into<String>) -> Refusal {
    Refusal::new("invalid_client", description)
}
