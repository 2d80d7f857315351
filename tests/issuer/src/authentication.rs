//! Who calls the token endpoint: a client with its secret, or one that has none.

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::client::{Client, Grant};
use crate::document;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::secrets;

/// A client whose secret was right, or that has none.
pub(crate) enum Caller {
    Registered(Client),
    /// The address of a document. What it may do stands with the code that it brings, which was given after a look at it.
    Described(String),
}

impl Caller {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Registered(client) => &client.id,
            Self::Described(id) => id,
        }
    }

    /// # Errors
    /// `unauthorized_client`
    pub(crate) fn may(&self, grant: Grant) -> Result<(), Refusal> {
        let may = match self {
            Self::Registered(client) => client.may(grant),
            Self::Described(_) => grant != Grant::ClientCredentials,
        };
        if may {
            return Ok(());
        }
        let description = format!("The client is not registered for {}.", grant.name());
        Err(Refusal::new("unauthorized_client", description))
    }
}

/// Finds out who calls, by the header or by the form (RFC 6749 section 2.3).
///
/// # Errors
/// `invalid_client`; `invalid_request` for a client that does both.
pub(crate) fn read(
    clients: &[Client],
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Caller, Refusal> {
    let basic = match headers.get(header::AUTHORIZATION) {
        Some(value) => Some(basic(value.to_str().unwrap_or_default()).ok_or_else(unknown)?),
        None => None,
    };
    let (id, secret) = match (&basic, form.get("client_id"), form.get("client_secret")) {
        (Some(_), _, Some(_)) => {
            let description = "The secret comes in the header and in the form; one is right.";
            return Err(Refusal::new("invalid_request", description));
        }
        (Some((id, _)), Some(other), None) if id != other => {
            let description = "client_id in the form is not the one in the header.";
            return Err(Refusal::new("invalid_request", description));
        }
        (Some((id, secret)), _, None) => (id.as_str(), Some(secret.as_str())),
        (None, Some(id), secret) => (id, secret),
        (None, None, _) => return Err(unknown()),
    };
    match (clients.iter().find(|client| client.id == id), secret) {
        (Some(client), secret) => match (&client.secret, secret) {
            (None, None) => Ok(Caller::Registered(client.clone())),
            (Some(known), Some(said)) if secrets::same(known, said) => {
                Ok(Caller::Registered(client.clone()))
            }
            _ => Err(unknown()),
        },
        (None, None) if document::is_address(id) => Ok(Caller::Described(id.into())),
        _ => Err(unknown()),
    }
}

/// Name and secret of a header, each written as in a form before they were put together.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, text) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

/// It does not say whether the name or the secret was wrong.
fn unknown() -> Refusal {
    Refusal::new(
        "invalid_client",
        "There is no client with this name and this secret.",
    )
    .status(StatusCode::UNAUTHORIZED)
    .header(header::WWW_AUTHENTICATE, "Basic realm=\"issuer\"")
}
