//! Secrets: what they are, and what is accepted as one.

/// A token, password or key. Only [`Secret::expose`] gives it away, so that every place which does can
/// be found by that word.
// `Debug` of what is inside says [REDACTED]. There is no `Display`, and memory is wiped after use.
#[derive(Debug, Clone)]
pub struct Secret(secrecy::SecretString);

impl Secret {
    /// Keeps a text as a secret.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text itself: for the one place that sends or compares it.
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

/// Takes what the environment, a file or the key ring holds as a secret.
///
/// # Errors
/// What is wrong with it, without the value: it goes on the screen and into logs.
pub fn accept(given: Option<String>) -> Result<Secret, &'static str> {
    let Some(text) = given else {
        return Err("is not set");
    };
    if text.trim().is_empty() {
        return Err("is blank");
    }
    // Some clients fill in such names, others pass on what they find in their configuration.
    if text.contains("${") {
        return Err("holds a placeholder such as ${NAME} that nobody has filled in");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be visible ASCII, without blanks");
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        let secret = Secret::new("hunter2-hunter2".to_owned());
        assert!(!format!("{secret:?}").contains("hunter2"));
        assert_eq!(secret.expose(), "hunter2-hunter2");
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused() {
        for bad in [
            "",
            "  \t",
            "${TRACKER_TOKEN}",
            "${input:token}",
            "two words",
            "line\n",
        ] {
            assert!(accept(Some(bad.to_owned())).is_err(), "{bad:?}");
        }
        assert!(accept(None).is_err());
        assert!(accept(Some("t0k3n$".to_owned())).is_ok());
    }
}
