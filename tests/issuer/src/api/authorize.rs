//! The authorization endpoint: a client sends a browser here, RFC 6749 section 4.1.1.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::client::{Client, Grant};
use crate::document;
use crate::grants::Asked;
use crate::page;
use crate::parameters::Parameters;
use crate::pkce::Challenge;
use crate::refusal::Refusal;
use crate::resource;
use crate::response::WayBack;
use crate::routes;
use crate::scope;
use crate::shared::Shared;

pub(crate) async fn authorize(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::read(query.unwrap_or_default().as_bytes());
    // Before it is known who asks and where the answer goes, nobody is sent anywhere.
    let (client, redirect_uri) = match who(&shared, &parameters).await {
        Ok(who) => who,
        Err(refusal) => return page::refused(&refusal),
    };
    let state = parameters.get("state");
    let asked = match what(client, redirect_uri, &parameters) {
        Ok(asked) => asked,
        Err((redirect_uri, refusal)) => {
            return WayBack::new(&shared, &redirect_uri, state).refusal(&refusal);
        }
    };
    let name = shared.grants().ask(asked.clone(), &mut shared.secrets());
    // Without a host: the answer comes from the page that was shown, whatever the person calls this machine.
    let action = format!("{}{}", shared.options.path, routes::CONSENT);
    page::consent(&action, &name, &asked, &shared.options.subjects)
}

/// The client, and the address where it may be answered.
async fn who(shared: &Shared, parameters: &Parameters) -> Result<(Client, String), Refusal> {
    parameters.each_once()?;
    let id = parameters.need("client_id")?;
    let redirect_uri = parameters.need("redirect_uri")?;
    let client = find(shared, id).await?;
    if !client.has_redirect(redirect_uri) {
        let description = "redirect_uri is none of those that the client has registered.";
        return Err(Refusal::new("invalid_request", description));
    }
    Ok((client, redirect_uri.into()))
}

async fn find(shared: &Shared, id: &str) -> Result<Client, Refusal> {
    let registered = shared.options.clients.iter().find(|client| client.id == id);
    if let Some(client) = registered {
        return Ok(client.clone());
    }
    if let Some(document) = shared.options.documents.get(id) {
        return document::read(id, document.clone());
    }
    if document::is_address(id) {
        return document::fetch(id).await;
    }
    Err(Refusal::new(
        "invalid_client",
        format!("There is no client {id:?}."),
    ))
}

/// What it asks for. An error comes with the address where the client hears of it.
fn what(
    client: Client,
    redirect_uri: String,
    parameters: &Parameters,
) -> Result<Asked, (String, Refusal)> {
    let read = || {
        if parameters.need("response_type")? != "code" {
            let description = "response_type has to be code.";
            return Err(Refusal::new("unsupported_response_type", description));
        }
        if !client.may(Grant::AuthorizationCode) {
            let description = "The client is not registered for the authorization code.";
            return Err(Refusal::new("unauthorized_client", description));
        }
        Ok((
            Challenge::read(parameters)?,
            resource::read(parameters)?,
            scope::read(parameters.get("scope"))?,
        ))
    };
    match read() {
        Ok((challenge, resource, scope)) => Ok(Asked {
            client,
            redirect_uri,
            state: parameters.get("state").map(Into::into),
            scope,
            resource,
            challenge,
        }),
        Err(refusal) => Err((redirect_uri, refusal)),
    }
}
