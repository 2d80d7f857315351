//! Tokens, and the endpoint that gives them out: RFC 6749 section 3.2 with RFC 8707.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::discovery::Found;
use super::web;

/// What a client was given. `Debug` is not there on purpose: it goes on no screen.
#[derive(Clone)]
pub(super) struct Token {
    /// Goes to the server.
    pub(super) access: String,
    /// Goes to the authorization server alone.
    pub(super) refresh: Option<String>,
    /// From when on it is no use any more.
    ends: Option<Instant>,
    /// What it allows, as far as it is known.
    pub(super) scope: String,
}

/// Who asks.
#[derive(Clone)]
pub(super) struct Client {
    /// The name.
    pub(super) id: String,
    /// None for a program that everybody can take apart.
    pub(super) secret: Option<String>,
}

impl Token {
    /// Whether its time is over.
    pub(super) fn has_ended(&self) -> bool {
        self.ends.is_some_and(|ends| Instant::now() >= ends)
    }

    fn read(reply: &Value, asked: &str) -> Option<Self> {
        let text = |name: &str| reply[name].as_str().map(str::to_owned);
        let lifetime = reply["expires_in"].as_u64().map(Duration::from_secs);
        Some(Self {
            access: text("access_token")?,
            refresh: text("refresh_token"),
            ends: lifetime.map(|lifetime| Instant::now() + lifetime),
            // Nothing said means: as asked.
            scope: text("scope").unwrap_or_else(|| asked.to_owned()),
        })
    }
}

/// Asks for a token. `scope` is what is asked for, for the case that the reply does not name it.
///
/// # Errors
/// It is refused; the reason is told as the authorization server says it.
pub(super) async fn ask(
    found: &Found,
    client: &Client,
    scope: &str,
    mut fields: Vec<(&str, &str)>,
) -> anyhow::Result<Token> {
    fields.push(("resource", &found.resource));
    let authorization = match &client.secret {
        Some(secret) => Some(basic(&client.id, secret)),
        None => {
            fields.push(("client_id", &client.id));
            None
        }
    };
    let url = &found.token;
    let reply = web::form(url, &fields, authorization.as_deref()).await?;
    let status = reply.status;
    let body: Value = serde_json::from_str(&reply.text()).unwrap_or_default();
    if status != 200 {
        super::tell!("POST {url}: {status}");
        let told = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        bail!(
            "{url} answers {status} {} {}",
            told("error"),
            told("error_description")
        );
    }
    let token = Token::read(&body, scope).context("there is no access_token in the reply")?;
    let lifetime = match body["expires_in"].as_u64() {
        Some(seconds) => format!(" for {seconds} s"),
        None => String::new(),
    };
    let renews = match token.refresh {
        Some(_) => ", and one that renews",
        None => "",
    };
    super::tell!(
        "POST {url}: {status}, an access token{lifetime} with {}{renews}",
        token.scope
    );
    Ok(token)
}

/// RFC 6749 section 2.3.1: name and secret as a form writes them.
fn basic(id: &str, secret: &str) -> String {
    let encode =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let pair = format!("{}:{}", encode(id), encode(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
