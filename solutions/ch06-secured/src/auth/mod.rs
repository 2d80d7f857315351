//! Who is calling: the token of a request, and whom it stands for.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization>

mod claims;
mod keys;
mod remembered;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

pub use self::claims::{ALGORITHMS, Claims, check};
pub use self::keys::{Keys, Unavailable};
pub use self::remembered::Remembered;
use crate::gate::Refusal;
use crate::scopes::Scope;
use crate::secret::Secret;
use crate::settings::StaticToken;

/// Who is calling, as far as a token proves it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user, or the client that acts for itself. Unique at its issuer.
    pub subject: String,
    /// What the token allows.
    pub scopes: Vec<String>,
    /// The token itself. There is none over stdio.
    pub token: Option<Secret>,
}

impl Caller {
    /// Whoever has started this server as a process of theirs may do everything.
    pub fn local() -> Self {
        Self {
            subject: "local".to_owned(),
            scopes: Scope::ALL.map(|scope| scope.name().to_owned()).into(),
            token: None,
        }
    }
}

/// Judges tokens.
pub enum Verifier {
    /// By a list: no authorization server is needed. For trying things out, on loopback.
    Static(Vec<StaticToken>),
    /// By the keys of an authorization server.
    Issuer {
        /// Its keys.
        keys: Box<Keys>,
        /// The audience: how this server is called in tokens that are meant for it.
        resource: String,
        /// Tokens that need no second check.
        remembered: Remembered,
    },
}

impl Verifier {
    /// Finds out who sends a request.
    ///
    /// # Errors
    /// There is no token, a wrong one, or nothing to judge it by.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let token = bearer(headers)?;
        let (subject, scope) = match self {
            Self::Static(tokens) => {
                let known = tokens.iter().find(|known| known.token.expose() == token);
                let known = known.ok_or(Refusal::BadToken("nobody has this token"))?;
                (known.sub.clone(), known.scope.clone())
            }
            Self::Issuer {
                keys,
                resource,
                remembered,
            } => {
                let claims = known_or_checked(token, keys, resource, remembered).await?;
                (claims.sub, claims.scope)
            }
        };
        Ok(Caller {
            subject,
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
            token: Some(Secret::new(token.to_owned())),
        })
    }
}

/// What a token says. It is checked once for all its requests, as long as the same keys count.
async fn known_or_checked(
    token: &str,
    keys: &Keys,
    resource: &str,
    remembered: &Remembered,
) -> Result<Claims, Refusal> {
    let before = keys.generation().await;
    let known = before.and_then(|generation| remembered.recall(token, generation));
    if let Some(known) = known {
        return Ok(known);
    }
    let claims = check(token, keys, resource).await?;
    // Only if nobody has fetched other keys in the meantime: these may be the reason.
    let after = keys.generation().await;
    if let Some(generation) = after.filter(|_| after == before) {
        remembered.keep(token, generation, &claims);
    }
    Ok(claims)
}

/// The token of a request: in the one header where it belongs, never in the address.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(Refusal::NoToken);
    };
    let parts = value.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Refusal::NoToken),
    }
}
