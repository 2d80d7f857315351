//! Faults on demand: what goes wrong, where, from which request on, and how often.

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::routes::{ROUTES, Route};
use crate::token::{Draft, PublicKey, Signer};

/// The audience and the issuer of a token that was made for somebody else.
const ELSEWHERE: &str = "https://elsewhere.example";

/// So many seconds ago a token ended that has expired: longer than servers are patient with clocks.
const LONG_AGO: i64 = -3600;

/// The route whose replies hold tokens.
const TOKEN: &str = "POST /token";

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The reply has this status, and nothing is done. On `GET /jwks`, the keys cannot be had.
    Status {
        /// 400 to 599
        status: u16,
    },
    /// The request waits before anything is done.
    Latency {
        /// Milliseconds
        millis: u64,
    },
    /// The token's `aud` is another server.
    WrongAudience,
    /// The token's `iss` is another issuer.
    WrongIssuer,
    /// The token expired an hour ago.
    Expired,
    /// The token's `alg` is `none`, and its signature is empty.
    AlgNone,
    /// The token is signed by HS256 with the public key as the secret.
    Hs256PublicKey,
    /// The token is signed with a key that is in no set, and says so in its `kid`.
    UnknownKid,
}

impl Effect {
    /// The name of each effect, as `effect` in JSON and as the API page lists them.
    pub const NAMES: [&'static str; 8] = [
        "status",
        "latency",
        "wrong-audience",
        "wrong-issuer",
        "expired",
        "alg-none",
        "hs256-public-key",
        "unknown-kid",
    ];

    /// The reply in place of the real one, if it is such an effect.
    pub(crate) fn reply(&self) -> Option<Refusal> {
        let Self::Status { status } = self else {
            return None;
        };
        // Only statuses that exist are taken.
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let description = "A fault that somebody has asked for.";
        Some(Refusal::new("temporarily_unavailable", description).status(status))
    }

    /// What becomes of the token in the reply.
    pub(crate) fn spoil(&self, draft: Draft) -> Draft {
        match self {
            Self::Status { .. } | Self::Latency { .. } => draft,
            Self::WrongAudience => draft.claim("aud", ELSEWHERE),
            Self::WrongIssuer => draft.claim("iss", ELSEWHERE),
            Self::Expired => draft.expires_in(LONG_AGO),
            Self::AlgNone => draft.signed_by(Signer::Nobody),
            Self::Hs256PublicKey => draft.signed_by(Signer::PublicKeyAsSecret(PublicKey::Pem)),
            Self::UnknownKid => draft.signed_by(Signer::UnknownKey),
        }
    }

    /// Whether it is about the token in a reply.
    fn spoils(&self) -> bool {
        !matches!(self, Self::Status { .. } | Self::Latency { .. })
    }
}

/// An effect, and the requests that it meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Method and path as in [`ROUTES`], for instance `GET /jwks`.
    pub route: String,
    /// So many requests are spared first: with 2, the third one is met.
    #[serde(default)]
    pub skip: u64,
    /// So many requests are met then.
    #[serde(default = "once")]
    pub times: u64,
    /// What happens to them.
    #[serde(flatten)]
    pub effect: Effect,
}

fn once() -> u64 {
    1
}

impl Fault {
    /// The next request of this route is met.
    pub fn on(route: &str, effect: Effect) -> Self {
        Self {
            route: route.into(),
            skip: 0,
            times: 1,
            effect,
        }
    }

    /// The next token is a wrong one.
    pub fn token(effect: Effect) -> Self {
        Self::on(TOKEN, effect)
    }

    /// So many requests are met in place of one.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// So many requests are spared first.
    #[must_use]
    pub fn after(self, skip: u64) -> Self {
        Self { skip, ..self }
    }
}

/// A fault that would never happen, or would be none: a check with it would pass for the wrong reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongFault {
    /// The issuer has no such route.
    #[error(
        "the issuer has no route {0:?}; the routes are those of its API page, written like \"GET /jwks\""
    )]
    UnknownRoute(String),
    /// The effect cannot meet a request of this route.
    #[error("this effect meets no request of {0:?}; the API page says which it meets")]
    NeverMet(String),
    /// The status is not that of an error.
    #[error("{0} is not the status of an error; take one from 400 to 599")]
    NoErrorStatus(u16),
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), WrongFault> {
        let name = &fault.route;
        let route = ROUTES.iter().find(|route| route.name() == *name);
        let route = route.ok_or_else(|| WrongFault::UnknownRoute(name.clone()))?;
        if !route.is_journalled() || (fault.effect.spoils() && name != TOKEN) {
            return Err(WrongFault::NeverMet(name.clone()));
        }
        if let Effect::Status { status } = fault.effect
            && !(400..600).contains(&status)
        {
            return Err(WrongFault::NoErrorStatus(status));
        }
        self.0.push(fault);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn pending(&self) -> &[Fault] {
        &self.0
    }

    /// What happens to a request of `route`. Each fault counts the requests of its route by itself.
    pub(crate) fn meet(&mut self, route: &Route) -> Vec<Effect> {
        let name = route.name();
        let mut met = Vec::new();
        for fault in self.0.iter_mut().filter(|fault| fault.route == name) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else {
                fault.times = fault.times.saturating_sub(1);
                met.push(fault.effect.clone());
            }
        }
        self.0.retain(|fault| fault.times > 0);
        met
    }
}

/// How long to wait before the work.
pub(crate) fn pause(effects: &[Effect]) -> Duration {
    let millis = effects.iter().map(|effect| match effect {
        Effect::Latency { millis } => *millis,
        _ => 0,
    });
    Duration::from_millis(millis.sum())
}
