//! Proof Key for Code Exchange, RFC 7636: who asks for the code is who uses it.

use sha2::{Digest, Sha256};

use crate::base64url;
use crate::parameters::Parameters;
use crate::refusal::Refusal;

/// The one method. `plain` would show the proof to everybody who sees the request.
pub(crate) const METHOD: &str = "S256";

/// Length of a SHA-256 hash, in bytes.
const HASH: usize = 32;

/// The hash of a verifier that only the client knows yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge(Vec<u8>);

impl Challenge {
    /// Reads it from an authorization request.
    ///
    /// # Errors
    /// `invalid_request`: it is missing, its method is not `S256`, or it is no hash.
    pub(crate) fn read(parameters: &Parameters) -> Result<Self, Refusal> {
        let challenge = parameters.need("code_challenge")?;
        // Without a method, RFC 7636 section 4.3 means `plain`.
        if parameters.get("code_challenge_method") != Some(METHOD) {
            let description = "code_challenge_method has to be S256; plain, which is meant without one, is refused.";
            return Err(Refusal::new("invalid_request", description));
        }
        match base64url::decode(challenge) {
            Some(hash) if hash.len() == HASH => Ok(Self(hash)),
            _ => Err(Refusal::new(
                "invalid_request",
                "code_challenge is no SHA-256 hash in base64url without padding.",
            )),
        }
    }

    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        // RFC 7636 section 4.1
        (43..=128).contains(&verifier.len()) && Sha256::digest(verifier)[..] == self.0[..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_holds() {
        // RFC 7636 appendix B
        let query = b"code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let challenge = Challenge::read(&Parameters::read(query)).expect("a challenge");
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!challenge.is_met_by(""));
    }
}
