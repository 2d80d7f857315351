//! Access tokens: JSON Web Tokens as RFC 9068 wants them, and every other kind.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::base64url;
use crate::keys::{ALGORITHM, Key, KeyRing};

/// The header `typ` of an access token, RFC 9068 section 2.1.
pub const TYPE: &str = "at+jwt";

/// HMAC with SHA-256, as `alg` names it.
const HS256: &str = "HS256";

/// A token that expired before now was issued so many seconds before its end.
const EARLIER: u64 = 300;

/// A token before it is signed: what it says, and who will sign it.
///
/// [`crate::Issuer::draft`] gives a right one; what should be wrong with it is changed here, and [`crate::Issuer::mint`]
/// makes the token. Members that are not changed stay right, so a server can refuse the token for one reason only.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    signer: Signer,
}

/// Who signs a token, and what its header says about that: `alg` and `kid` follow, unless the draft sets them itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Signer {
    /// The issuer, with the key that it uses at the moment.
    #[default]
    Issuer,
    /// Somebody with a key of their own, who says that it is the issuer's: `kid` names the issuer's key.
    Stranger,
    /// Somebody with a key of their own and a `kid` that is in no key set.
    UnknownKey,
    /// Nobody: `alg` is `none` and the signature is empty.
    Nobody,
    /// HS256 with the issuer's public key as the secret. Works on a server that lets the token choose the algorithm.
    PublicKeyAsSecret(PublicKey),
    /// HS256 with these bytes as the secret.
    Secret(Vec<u8>),
}

/// The ways of writing a public key that such a server may have at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// Text between `-----BEGIN PUBLIC KEY-----` and its end.
    Pem,
    /// The member of the key set, as JSON without spaces.
    Jwk,
}

impl Draft {
    /// A right token in the name of `issuer`, from now on for `lifetime`.
    pub(crate) fn new(issuer: &str, lifetime: Duration, id: String, grant: &Granted) -> Self {
        let now = seconds(SystemTime::now());
        let mut draft = Self {
            header: Map::new(),
            claims: Map::new(),
            signer: Signer::Issuer,
        };
        draft.header.insert("typ".into(), TYPE.into());
        draft
            .claim("iss", issuer)
            .claim("aud", grant.resource.as_str())
            .claim("sub", grant.subject.as_str())
            .claim("client_id", grant.client.as_str())
            .claim("scope", grant.scope.as_str())
            .claim("iat", now)
            .claim("exp", now + lifetime.as_secs())
            .claim("jti", id)
    }

    /// Sets a claim, whatever it was.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out.
    #[must_use]
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.shift_remove(name);
        self
    }

    /// Sets a member of the header, `alg` and `kid` included.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// Leaves a member of the header out, `alg` and `kid` included.
    #[must_use]
    pub fn without_header(self, name: &str) -> Self {
        self.header(name, Value::Null)
    }

    /// Moves `exp`, counted in seconds from now; a negative number is in the past. `iat` moves along, if it would be later.
    #[must_use]
    pub fn expires_in(self, seconds_from_now: i64) -> Self {
        let now = seconds(SystemTime::now());
        let end = now.saturating_add_signed(seconds_from_now);
        let begin = self.claims.get("iat").and_then(Value::as_u64);
        let draft = match begin {
            Some(begin) if begin >= end => self.claim("iat", end.saturating_sub(EARLIER)),
            _ => self,
        };
        draft.claim("exp", end)
    }

    /// Lets somebody else sign it.
    #[must_use]
    pub fn signed_by(self, signer: Signer) -> Self {
        Self { signer, ..self }
    }

    /// What it says at the moment.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Makes the token. `stranger` is a key that is in no set.
    pub(crate) fn mint(&self, keys: &KeyRing, stranger: &Key) -> String {
        let own = keys.current();
        let (algorithm, kid) = self.signer.claims_to_be(own, stranger);
        let mut header = Map::new();
        header.insert("alg".into(), algorithm.into());
        if let Some(kid) = kid {
            header.insert("kid".into(), kid.into());
        }
        header.extend(self.header.clone());
        // Nobody wants a member that is null; it stands for one that is left out.
        header.retain(|_, value| !value.is_null());
        let text = format!("{}.{}", part(&header), part(&self.claims));
        let signature = self.signer.sign(text.as_bytes(), own, stranger);
        format!("{text}.{}", base64url::encode(signature))
    }
}

impl Signer {
    /// What a header says: the algorithm, and the name of the key.
    fn claims_to_be<'a>(&self, own: &'a Key, stranger: &'a Key) -> (&'static str, Option<&'a str>) {
        match self {
            Self::Issuer | Self::Stranger => (ALGORITHM, Some(&own.kid)),
            Self::UnknownKey => (ALGORITHM, Some(&stranger.kid)),
            Self::Nobody => ("none", None),
            Self::PublicKeyAsSecret(_) => (HS256, Some(&own.kid)),
            Self::Secret(_) => (HS256, None),
        }
    }

    fn sign(&self, text: &[u8], own: &Key, stranger: &Key) -> Vec<u8> {
        match self {
            Self::Issuer => own.sign(text),
            Self::Stranger | Self::UnknownKey => stranger.sign(text),
            Self::Nobody => Vec::new(),
            Self::PublicKeyAsSecret(PublicKey::Pem) => hs256(own.pem().as_bytes(), text),
            Self::PublicKeyAsSecret(PublicKey::Jwk) => {
                hs256(own.jwk().to_string().as_bytes(), text)
            }
            Self::Secret(secret) => hs256(secret, text),
        }
    }
}

/// What somebody has been allowed, as a token says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Granted {
    /// For whom the token is: the server that will see it.
    pub(crate) resource: String,
    /// On whose behalf the client acts.
    pub(crate) subject: String,
    /// Id of the client.
    pub(crate) client: String,
    /// Scopes, with a space between two.
    pub(crate) scope: String,
}

fn part(members: &Map<String, Value>) -> String {
    base64url::encode(json!(members).to_string())
}

fn hs256(secret: &[u8], text: &[u8]) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(secret) {
        Ok(mac) => mac.chain_update(text).finalize().into_bytes().to_vec(),
        // A secret may have any length.
        Err(_) => Vec::new(),
    }
}

/// Seconds from 1970, as tokens count time.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
