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
    // STARTER 6.4: let _unused = (keys, resource);
    // STARTER 6.4: let read = jsonwebtoken::dangerous::insecure_decode::<Claims>(token);
    // STARTER 6.4: let read = read.map_err(|_| Refusal::BadToken("it is no JWT"))?;
    // STARTER 6.4: Ok(read.claims)
    // ANCHOR: ex-6-4
    let header = jsonwebtoken::decode_header(token);
    let header = header.map_err(|_| Refusal::BadToken("it is no JWT"))?;
    let kind = header.typ.as_deref().unwrap_or_default();
    if !["at+jwt", "application/at+jwt"].contains(&kind.to_ascii_lowercase().as_str()) {
        return Err(Refusal::BadToken("it is no access token"));
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Refusal::BadToken(
            "it is signed in a way that does not count",
        ));
    }
    // Rules that come with the token, and have to be kept: RFC 7515, section 4.1.11. There are none here.
    if header.crit.is_some() {
        return Err(Refusal::BadToken("it makes rules that are not known here"));
    }
    let name = header.kid.ok_or(Refusal::BadToken("it names no key"))?;
    let key = match keys.find(&name, header.alg).await? {
        Some(key) => Some(key),
        // The issuer may have changed its keys since they were fetched.
        None => {
            keys.refetch().await?;
            keys.find(&name, header.alg).await?
        }
    };
    let key = key.ok_or(Refusal::BadToken("its issuer has no such key"))?;
    let mut rules = jsonwebtoken::Validation::new(header.alg);
    rules.set_issuer(&[keys.issuer()]);
    rules.set_audience(&[resource]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.validate_nbf = true;
    let read = jsonwebtoken::decode::<Claims>(token, &key, &rules);
    let read =
        read.map_err(|_| Refusal::BadToken("it is forged, too old or not for this server"))?;
    Ok(read.claims)
    // ANCHOR_END: ex-6-4
}
