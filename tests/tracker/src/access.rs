//! Who may call: bearer tokens.

use std::collections::HashSet;

use axum::http::{HeaderValue, StatusCode, header};

use crate::problem::Problem;

/// The token that a tracker accepts unless it was told otherwise. It protects nothing: the tracker is for learning.
pub const DEFAULT_TOKEN: &str = "tracker-dev-token";

/// Which bearer tokens a tracker accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tokens {
    /// These and no other.
    Only(Vec<String>),
    /// Every token that is not empty: for checks that only look at which token arrived.
    Any,
}

impl Default for Tokens {
    fn default() -> Self {
        Self::Only(vec![DEFAULT_TOKEN.into()])
    }
}

/// The tokens of one run: what is accepted, and what has expired since.
#[derive(Debug)]
pub(crate) struct Access {
    tokens: Tokens,
    expired: HashSet<String>,
}

impl Access {
    pub(crate) fn new(tokens: Tokens) -> Self {
        Self {
            tokens,
            expired: HashSet::new(),
        }
    }

    /// Accepts one more token.
    pub(crate) fn accept(&mut self, token: &str) {
        self.expired.remove(token);
        if let Tokens::Only(accepted) = &mut self.tokens
            && !accepted.iter().any(|known| known == token)
        {
            accepted.push(token.into());
        }
    }

    /// From now on this token is too old.
    pub(crate) fn expire(&mut self, token: &str) {
        self.expired.insert(token.into());
    }

    /// Judges the value of the `Authorization` header.
    pub(crate) fn judge(&self, authorization: Option<&str>) -> Result<(), Problem> {
        let Some(token) = authorization.and_then(bearer) else {
            let detail = "Send the header Authorization: Bearer TOKEN.";
            return Err(unauthorized("missing-token", detail, "Bearer"));
        };
        let accepted = match &self.tokens {
            Tokens::Any => true,
            Tokens::Only(tokens) => tokens.iter().any(|known| known == token),
        };
        if self.expired.contains(token) {
            Err(expired_token())
        } else if accepted {
            Ok(())
        } else {
            let challenge =
                r#"Bearer error="invalid_token", error_description="The token is not known""#;
            Err(unauthorized(
                "invalid-token",
                "The tracker does not know this token.",
                challenge,
            ))
        }
    }
}

/// 401: the token was right once.
pub(crate) fn expired_token() -> Problem {
    let challenge = r#"Bearer error="invalid_token", error_description="The token expired""#;
    unauthorized(
        "expired-token",
        "The token has expired. Get a new one.",
        challenge,
    )
}

fn unauthorized(name: &str, detail: &str, challenge: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, name, detail).header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    )
}

/// The token of a bearer header; the word before it may be written in any case.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
