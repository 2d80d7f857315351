//! From a refused request to the endpoints of the authorization server: RFC 9728, then RFC 8414.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery>

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::challenge::Challenge;
use super::web::{self, Address};

const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// What is known of server and authorization server.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// How the server is called in tokens.
    pub(super) resource: String,
    /// Who gives out tokens.
    pub(super) issuer: String,
    /// Where a browser is sent.
    pub(super) authorize: Option<String>,
    /// Where a token is asked for.
    pub(super) token: String,
    /// Whether its answers say who answers (RFC 9207).
    pub(super) says_who: bool,
    /// Whether it checks a proof that only the client has (PKCE with `S256`).
    pub(super) proves: bool,
}

/// Finds out where to get a token for the server at `url`.
///
/// # Errors
/// Something is not said, or two do not say the same.
pub(super) async fn find(url: &str, challenge: &Challenge) -> anyhow::Result<Found> {
    let resource = resource(url, challenge).await?;
    let named = resource["resource"].as_str().unwrap_or_default();
    // Otherwise another server could have its name put into tokens that this one gets to see.
    ensure!(
        named.trim_end_matches('/') == url.trim_end_matches('/'),
        "the metadata is about {named:?} and not about {url}: such a token would be for somebody else"
    );
    let issuer = resource["authorization_servers"][0].as_str();
    let issuer = issuer.context("the server's metadata names no authorization server")?;
    super::tell!("the server {named} takes tokens of {issuer}");
    let metadata = authorization_server(issuer).await?;
    let said = metadata["issuer"].as_str().unwrap_or_default();
    // RFC 8414 section 3.3: otherwise one issuer could answer in the name of another.
    ensure!(
        said == issuer,
        "the authorization server calls itself {said:?} and not {issuer:?}; who is right?"
    );
    super::tell!("its issuer is {issuer}, as the server said");
    let text = |name: &str| metadata[name].as_str().map(str::to_owned);
    let methods = metadata["code_challenge_methods_supported"].as_array();
    Ok(Found {
        resource: named.to_owned(),
        issuer: issuer.to_owned(),
        authorize: text("authorization_endpoint"),
        token: text("token_endpoint").context("the authorization server has no token endpoint")?,
        says_who: metadata["authorization_response_iss_parameter_supported"] == true,
        proves: methods.is_some_and(|methods| methods.iter().any(|method| method == "S256")),
    })
}

/// The metadata of the server: where the challenge says, else at the two places where everybody looks.
async fn resource(url: &str, challenge: &Challenge) -> anyhow::Result<Value> {
    if let Some(told) = challenge.resource_metadata() {
        return web::document(told).await;
    }
    let Address { host, .. } = Address::read(url)?;
    let path = Address::read(url)?.path().trim_end_matches('/').to_owned();
    for place in [format!("{RESOURCE}{path}"), RESOURCE.to_owned()] {
        if let Ok(found) = web::document(&format!("http://{host}{place}")).await {
            return Ok(found);
        }
    }
    bail!(
        "the server wants a token and does not say where to get one: no resource_metadata in WWW-Authenticate, nothing at {RESOURCE}"
    )
}

/// The metadata of an issuer: a path in its name stands behind the well-known part, or before it.
async fn authorization_server(issuer: &str) -> anyhow::Result<Value> {
    let address = Address::read(issuer)?;
    let (host, path) = (&address.host, address.path().trim_end_matches('/'));
    let mut places = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        places.push(format!("{path}/.well-known/openid-configuration"));
    }
    for place in &places {
        if let Ok(found) = web::document(&format!("http://{host}{place}")).await {
            return Ok(found);
        }
    }
    bail!("{issuer} has no metadata at {}", places.join(" or "))
}
