//! Tokens that were checked a moment ago. To check a signature takes longer than the rest of a short call.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use super::claims::Claims;

/// So many tokens are remembered. Who sends more of them than that waits for each to be checked.
const MOST: usize = 1_000;

/// What was found out about tokens, for as long as nothing can have changed: until they expire, or the keys are fetched
/// again.
#[derive(Default)]
pub struct Remembered {
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    /// With which keys they were checked.
    generation: u64,
    claims: HashMap<String, Claims>,
}

impl Remembered {
    /// What this token says, if it was checked with these keys and has not expired.
    pub fn recall(&self, token: &str, generation: u64) -> Option<Claims> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let claims = known.claims.get(token)?;
        (known.generation == generation && is_good(claims)).then(|| claims.clone())
    }

    /// Keeps what a token says that was just checked with these keys.
    pub fn keep(&self, token: &str, generation: u64, claims: &Claims) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.generation != generation {
            known.claims.clear();
            known.generation = generation;
        }
        if known.claims.len() >= MOST {
            known.claims.retain(|_, claims| is_good(claims));
        }
        // Still full of good ones: nobody is forgotten for the sake of whoever comes last.
        if known.claims.len() < MOST {
            known.claims.insert(token.to_owned(), claims.clone());
        }
    }
}

/// A token without an end is never remembered.
fn is_good(claims: &Claims) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.as_ref().map_or(f64::INFINITY, Duration::as_secs_f64);
    claims.exp.is_some_and(|end| now < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(exp: Option<f64>) -> Claims {
        Claims {
            sub: "ada".into(),
            scope: String::new(),
            exp,
        }
    }

    #[test]
    fn a_token_is_known_until_it_expires_or_the_keys_change() {
        let remembered = Remembered::default();
        remembered.keep("good", 1, &claims(Some(f64::MAX)));
        remembered.keep("over", 1, &claims(Some(1.0)));
        remembered.keep("endless", 1, &claims(None));
        assert!(remembered.recall("good", 1).is_some());
        for forgotten in ["over", "endless", "never seen"] {
            assert!(remembered.recall(forgotten, 1).is_none(), "{forgotten}");
        }
        assert!(remembered.recall("good", 2).is_none());
        remembered.keep("new", 2, &claims(Some(f64::MAX)));
        assert!(remembered.recall("good", 2).is_none());
        assert!(remembered.recall("new", 2).is_some());
    }

    #[test]
    fn the_memory_has_an_end() {
        let remembered = Remembered::default();
        for number in 0..MOST + 5 {
            remembered.keep(&number.to_string(), 1, &claims(Some(f64::MAX)));
        }
        assert!(remembered.recall("0", 1).is_some());
        assert!(remembered.recall(&MOST.to_string(), 1).is_none());
    }
}
