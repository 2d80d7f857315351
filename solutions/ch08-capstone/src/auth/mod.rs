//! Who is calling: the token of a request, and whom it stands for.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization>

// ANCHOR: ex-8-7
mod claims;
mod keys;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

pub use self::claims::{ALGORITHMS, Claims, check};
pub use self::keys::{Keys, Unavailable};
use crate::gate::Refusal;
use crate::scopes::Scope;

/// Who is calling, as far as a token proves it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user, or the client that acts for itself. Unique at its issuer.
    pub subject: String,
    /// What the token allows.
    pub scopes: Vec<String>,
}

impl Caller {
    /// Whoever has started this server as a process of theirs may do everything.
    pub fn local() -> Self {
        Self {
            subject: "local".to_owned(),
            scopes: Scope::ALL.map(|scope| scope.name().to_owned()).into(),
        }
    }
}

/// Judges tokens by the keys of an authorization server.
pub struct Verifier {
    /// Its keys.
    pub keys: Keys,
    /// The audience: how this server is called in tokens that are meant for it.
    pub resource: String,
}

impl Verifier {
    /// Finds out who sends a request.
    ///
    /// # Errors
    /// There is no token, a wrong one, or nothing to judge it by.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let token = bearer(headers)?;
        let claims = check(token, &self.keys, &self.resource).await?;
        Ok(Caller {
            subject: claims.sub,
            scopes: claims.scope.split_whitespace().map(str::to_owned).collect(),
        })
    }
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
// ANCHOR_END: ex-8-7
