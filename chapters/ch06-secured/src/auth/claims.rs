//! Checking an access token: a JWT as RFC 9068 describes it.

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::keys::Keys;
use crate::gate::Refusal;

/// The ways to sign that this server accepts. Who takes what the token names takes `none`, too.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::ES256, Algorithm::RS256, Algorithm::EdDSA];

/// What a token says that this server goes by.
#[derive(Debug, Clone, Deserialize)]
pub struct Claims {
    /// Whom it stands for.
    pub sub: String,
    /// What it allows, with blanks between them.
    #[serde(default)]
    pub scope: String,
    /// When it expires, in seconds since 1970.
    pub exp: Option<f64>,
}

/// Reads a token, if its issuer has made it, for `resource`, and it is still good.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-handling>
///
/// # Errors
/// It is not; or the keys of the issuer cannot be had.
pub async fn check(token: &str, keys: &Keys, resource: &str) -> Result<Claims, Refusal> {
    // Exercise 6.4 begins. Hint: cargo xtask hint 6.4
    let _unused = (keys, resource);
    let read = jsonwebtoken::dangerous::insecure_decode::<Claims>(token);
    let read = read.map_err(|_| Refusal::BadToken("it is no JWT"))?;
    Ok(read.claims)
    // Exercise 6.4 ends.
}
