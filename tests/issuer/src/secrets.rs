//! Text that nobody can guess, and the bytes of keys.

use std::io;

use sha2::{Digest, Sha256};

use crate::base64url;

/// A source of random bytes: asks the system once, and derives everything from that.
pub(crate) struct Secrets {
    seed: [u8; 32],
    given: u64,
}

impl Secrets {
    /// # Errors
    /// The system has no random numbers.
    pub(crate) fn new() -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self { seed, given: 0 })
    }

    /// 256 random bits.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.given += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.given.to_be_bytes())
            .finalize()
            .into()
    }

    /// 256 random bits as text that can stand in a URL.
    pub(crate) fn text(&mut self) -> String {
        base64url::encode(self.bytes())
    }
}

/// Whether two secrets are the same. It takes as long for a wrong beginning as for a wrong end.
pub(crate) fn same(one: &str, other: &str) -> bool {
    // What an attacker could learn from the time of this comparison is about the hashes, which say nothing.
    Sha256::digest(one) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_comes_twice() {
        let mut secrets = Secrets::new().expect("random numbers");
        let (one, other) = (secrets.text(), secrets.text());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert!(!same(&one, &other) && same(&one, &one));
    }
}
