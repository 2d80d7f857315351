//! The keys that sign tokens, and the set that says which of them are good (RFC 7517).

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{EncodePublicKey, LineEnding};
use serde_json::{Value, json};

use crate::base64url;
use crate::secrets::Secrets;

/// The algorithm of every right token: ECDSA on the curve P-256 with SHA-256.
pub const ALGORITHM: &str = "ES256";

/// A pair of keys with its name.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) kid: String,
    private: SigningKey,
}

impl Key {
    pub(crate) fn new(kid: String, secrets: &mut Secrets) -> Self {
        let private = loop {
            // Of all numbers of 256 bits, one in four thousand millions is no key.
            if let Ok(private) = SigningKey::from_slice(&secrets.bytes()) {
                break private;
            }
        };
        Self { kid, private }
    }

    /// The signature of `message`, as RFC 7518 writes it: two numbers of 32 bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.private.sign(message);
        signature.to_bytes().to_vec()
    }

    /// The public key as a member of a key set.
    pub(crate) fn jwk(&self) -> Value {
        let point = self.private.verifying_key().to_encoded_point(false);
        // A key is never the point at infinity, the only one without coordinates.
        let coordinate = |part: Option<&p256::FieldBytes>| part.map(base64url::encode);
        json!({
            "kty": "EC",
            "crv": "P-256",
            "alg": ALGORITHM,
            "use": "sig",
            "kid": self.kid,
            "x": coordinate(point.x()),
            "y": coordinate(point.y()),
        })
    }

    /// The public key as text between `-----BEGIN PUBLIC KEY-----` and its end.
    pub(crate) fn pem(&self) -> String {
        // Writing a key into memory cannot fail.
        self.private
            .verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .unwrap_or_default()
    }
}

/// The keys of an issuer: one signs, and those before it still count until they are revoked.
pub(crate) struct KeyRing {
    current: Key,
    former: Vec<Key>,
    made: u64,
}

impl KeyRing {
    pub(crate) fn new(secrets: &mut Secrets) -> Self {
        Self {
            current: Key::new(name(1), secrets),
            former: Vec::new(),
            made: 1,
        }
    }

    /// From now on a new key signs. Gives its name.
    pub(crate) fn rotate(&mut self, secrets: &mut Secrets) -> String {
        self.made += 1;
        let next = Key::new(name(self.made), secrets);
        self.former.push(std::mem::replace(&mut self.current, next));
        self.current.kid.clone()
    }

    /// Takes a key out of the set; if it was the one that signs, a new one does from now on. False if it is not in the set.
    pub(crate) fn revoke(&mut self, kid: &str, secrets: &mut Secrets) -> bool {
        if self.current.kid == kid {
            self.rotate(secrets);
        }
        let before = self.former.len();
        self.former.retain(|key| key.kid != kid);
        self.former.len() < before
    }

    /// The key that signs.
    pub(crate) fn current(&self) -> &Key {
        &self.current
    }

    /// The key set, RFC 7517 section 5.
    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": self.published().map(Key::jwk).collect::<Vec<_>>() })
    }

    fn published(&self) -> impl Iterator<Item = &Key> {
        self.former.iter().chain([&self.current])
    }
}

/// Keys are counted, so that a log of two rotations can be read.
fn name(number: u64) -> String {
    format!("key-{number}")
}
