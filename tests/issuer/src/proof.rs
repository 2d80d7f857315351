//! What a client makes up before it sends a browser away: text that nobody can guess, and its hash.

use std::io;

use sha2::{Digest, Sha256};

use crate::base64url;
use crate::secrets::Secrets;

/// A verifier and its challenge, RFC 7636.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// Goes to the token endpoint, with the code. Nobody else sees it.
    pub verifier: String,
    /// Goes through the browser: its hash, by the method `S256`.
    pub challenge: String,
}

impl Proof {
    /// A new one.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn new() -> io::Result<Self> {
        Ok(Self::of(unguessable()?))
    }

    fn of(verifier: String) -> Self {
        let challenge = base64url::encode(Sha256::digest(&verifier));
        Self {
            verifier,
            challenge,
        }
    }
}

/// 256 random bits as text that can stand in an address, such as a `state`.
///
/// # Errors
/// The system has no random numbers.
pub fn unguessable() -> io::Result<String> {
    Ok(Secrets::new()?.text())
}

#[cfg(test)]
mod tests {
    use super::Proof;

    #[test]
    fn the_example_of_the_rfc_holds() {
        // RFC 7636 appendix B
        let proof = Proof::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(
            proof.challenge,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn no_two_are_the_same() {
        let (one, other) = (Proof::new(), Proof::new());
        let (one, other) = (one.expect("random"), other.expect("random"));
        assert_ne!(one.verifier, other.verifier);
        assert_ne!(one.challenge, other.challenge);
    }
}
