//! The keys of an authorization server, fetched when they are needed and kept for a while.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, RwLock};

use crate::gate::Refusal;
use crate::settings::Issuer;

/// Nobody makes this server ask more often than that by sending keys that do not exist.
const PAUSE: Duration = Duration::from_millis(500);

/// The keys cannot be had. The reason is in the log.
#[derive(Debug, Clone, Copy)]
pub struct Unavailable;

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        Self::NoKeys
    }
}

/// The keys of one issuer.
pub struct Keys {
    issuer: Issuer,
    http: Client,
    ttl: Duration,
    kept: RwLock<Option<Kept>>,
    /// Held while they are fetched, so that it happens once for all who wait. Holds when it was done
    /// last because of a key that was not there.
    fetching: Mutex<Option<Instant>>,
}

struct Kept {
    keys: JwkSet,
    since: Instant,
    /// Counts how often they were fetched.
    generation: u64,
}

/// The part of an authorization server's metadata (RFC 8414) that is needed here.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl Keys {
    /// The keys of `issuer`, kept for `ttl`. Nothing is fetched yet; `attempt` limits each request.
    ///
    /// # Errors
    /// The system lacks something that every HTTP client needs.
    pub fn new(issuer: Issuer, ttl: Duration, attempt: Duration) -> reqwest::Result<Self> {
        let http = Client::builder()
            .timeout(attempt)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            issuer,
            http,
            ttl,
            kept: RwLock::default(),
            fetching: Mutex::default(),
        })
    }

    /// The issuer as tokens name it.
    pub fn issuer(&self) -> &str {
        &self.issuer.name
    }

    /// The key with this name, if it is one for this way to sign.
    ///
    /// # Errors
    /// There are no keys, or they are too old, and the issuer does not answer.
    pub async fn find(
        &self,
        name: &str,
        algorithm: Algorithm,
    ) -> Result<Option<DecodingKey>, Unavailable> {
        if let Some(answer) = self.kept(name, algorithm).await {
            return Ok(answer);
        }
        let _fetching = self.fetching.lock().await;
        // Somebody else may have fetched them in the meantime.
        if let Some(answer) = self.kept(name, algorithm).await {
            return Ok(answer);
        }
        self.fetch().await?;
        self.kept(name, algorithm).await.ok_or(Unavailable)
    }

    /// Which keys are kept at the moment. `None` if there are none, or they are too old: then nothing that was checked with
    /// them counts any more.
    pub async fn generation(&self) -> Option<u64> {
        let kept = self.kept.read().await;
        let kept = kept.as_ref()?;
        (kept.since.elapsed() < self.ttl).then_some(kept.generation)
    }

    /// Fetches the keys again, unless that was done a moment ago.
    ///
    /// # Errors
    /// The issuer does not answer.
    pub async fn refetch(&self) -> Result<(), Unavailable> {
        let mut last = self.fetching.lock().await;
        if last.is_none_or(|last| last.elapsed() >= PAUSE) {
            *last = Some(Instant::now());
            self.fetch().await?;
        }
        Ok(())
    }

    /// `None` if nothing is kept, or for too long.
    async fn kept(&self, name: &str, algorithm: Algorithm) -> Option<Option<DecodingKey>> {
        let kept = self.kept.read().await;
        let kept = kept
            .as_ref()
            .filter(|kept| kept.since.elapsed() < self.ttl)?;
        let key = kept.keys.find(name).filter(|key| fits(key, algorithm));
        Some(key.and_then(|key| DecodingKey::from_jwk(key).ok()))
    }

    async fn fetch(&self) -> Result<(), Unavailable> {
        let metadata = self.metadata().await?;
        let place = Url::parse(&metadata.jwks_uri).map_err(|_| Unavailable)?;
        let keys = self.read(place).await?;
        let mut kept = self.kept.write().await;
        let generation = kept.as_ref().map_or(0, |old| old.generation) + 1;
        *kept = Some(Kept {
            keys,
            since: Instant::now(),
            generation,
        });
        Ok(())
    }

    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery>
    async fn metadata(&self) -> Result<Metadata, Unavailable> {
        let path = self.issuer.url.path().trim_end_matches('/');
        let oauth = format!("/.well-known/oauth-authorization-server{path}");
        let openid = format!("{path}/.well-known/openid-configuration");
        for place in [oauth, openid] {
            let mut url = self.issuer.url.clone();
            url.set_path(&place);
            if let Ok(metadata) = self.read::<Metadata>(url).await {
                // Otherwise one server could give out keys in the name of another.
                if metadata.issuer == self.issuer() {
                    return Ok(metadata);
                }
                tracing::warn!("{} calls itself {}", self.issuer(), metadata.issuer);
            }
        }
        Err(Unavailable)
    }

    async fn read<T: DeserializeOwned>(&self, url: Url) -> Result<T, Unavailable> {
        let shown = url.to_string();
        let reply = self.http.get(url).send().await;
        let reply = reply.and_then(reqwest::Response::error_for_status);
        let failed = |error: reqwest::Error| {
            tracing::warn!("{shown}: {:#}", anyhow::Error::new(error));
            Unavailable
        };
        reply.map_err(failed)?.json().await.map_err(failed)
    }
}

/// Whether a key is meant for checking signatures of this kind.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let named = match key.common.key_algorithm {
        Some(KeyAlgorithm::ES256) => algorithm == Algorithm::ES256,
        Some(KeyAlgorithm::RS256) => algorithm == Algorithm::RS256,
        Some(KeyAlgorithm::EdDSA) => algorithm == Algorithm::EdDSA,
        Some(_) => false,
        None => true,
    };
    signs && named
}
