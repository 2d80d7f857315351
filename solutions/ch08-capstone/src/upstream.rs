//! What this server shows the tracker: a credential of its own.
//!
//! The token of a client is meant for this server. Passing it on would let whoever is behind it take part
//! in conversations that were never theirs, and hide from the tracker who is really calling.
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/security-considerations>

// ANCHOR: ex-8-7-i
use std::time::{Duration, Instant};

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::auth::Caller;
use crate::secret::Secret;
use crate::settings::UpstreamSettings;

/// The credential cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("no token for the tracker")]
pub struct UpstreamError(#[from] reqwest::Error);

/// Gets the credential of this server, and keeps it as long as it is good.
pub struct Upstream {
    settings: UpstreamSettings,
    tracker: Url,
    http: Client,
    /// What was granted last.
    pub granted: Mutex<Option<Granted>>,
}

/// A token that was granted for a while.
#[derive(Debug)]
pub struct Granted {
    /// The token.
    pub token: Secret,
    /// From when on a new one is needed: a little before it expires.
    pub until: Instant,
}

/// The reply of a token endpoint.
#[derive(Deserialize)]
struct Reply {
    access_token: String,
    expires_in: Option<u64>,
}

impl Upstream {
    /// A credential for the tracker at `tracker`. `attempt` limits each request; nothing is sent yet.
    ///
    /// # Errors
    /// The system lacks something that every HTTP client needs.
    pub fn new(
        settings: UpstreamSettings,
        tracker: Url,
        attempt: Duration,
    ) -> reqwest::Result<Self> {
        let http = Client::builder()
            .timeout(attempt)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            settings,
            tracker,
            http,
            granted: Mutex::default(),
        })
    }

    /// What to show the tracker in a call of `caller`.
    ///
    /// # Errors
    /// The token endpoint refuses or does not answer.
    pub async fn credential(&self, caller: &Caller) -> Result<Secret, UpstreamError> {
        let (token_url, id, secret) = match &self.settings {
            UpstreamSettings::Token(token) => return Ok(token.clone()),
            UpstreamSettings::Client {
                token_url,
                id,
                secret,
            } => (token_url, id, secret),
        };
        tracing::debug!("{} calls the tracker through this server", caller.subject);
        // Locked while a new one is fetched: all who need it wait for the same.
        let mut granted = self.granted.lock().await;
        if let Some(granted) = granted.as_ref().filter(|one| Instant::now() < one.until) {
            return Ok(granted.token.clone());
        }
        let new = self.grant(token_url, id, secret).await?;
        let token = new.token.clone();
        *granted = Some(new);
        Ok(token)
    }

    /// Asks the token endpoint for a token, by client credentials.
    ///
    /// # Errors
    /// It refuses or does not answer.
    pub async fn grant(&self, url: &Url, id: &str, secret: &Secret) -> reqwest::Result<Granted> {
        // A form is written like the query of an address.
        let mut form = url.clone();
        form.query_pairs_mut()
            .clear()
            .append_pair("grant_type", "client_credentials")
            .append_pair("resource", self.tracker.as_str().trim_end_matches('/'));
        let request = self
            .http
            .post(url.clone())
            .basic_auth(id, Some(secret.expose()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        let reply: Reply = request.send().await?.error_for_status()?.json().await?;
        let lifetime = Duration::from_secs(reply.expires_in.unwrap_or(60));
        Ok(Granted {
            token: Secret::new(reply.access_token),
            until: Instant::now() + lifetime - lifetime / 10,
        })
    }
}
// ANCHOR_END: ex-8-7-i
