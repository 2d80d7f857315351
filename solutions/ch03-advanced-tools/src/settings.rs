//! What the environment says about this server, read once at the start.

use std::env::{self, VarError};
use std::time::Duration;

use reqwest::Url;
use rmcp::model::RequestStateCodec;
use uuid::Uuid;

/// A result cannot be smaller than what it holds besides the text of a task.
const SMALLEST_RESULT: usize = 4_000;

const RANDOM_KEY: &str = "STATE_KEY is not set: the key is random, so a question that is still open \
    when this process ends cannot be answered to another one";

/// Why the server does not start. Names the variable, never its value: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct SettingsError {
    name: &'static str,
    problem: &'static str,
}

/// The settings. Without `Debug`: two of them are secrets.
pub struct Settings {
    /// `TRACKER_URL`: where the tracker is.
    pub tracker_url: Url,
    /// `TRACKER_TOKEN`: what this server shows the tracker. A secret.
    pub tracker_token: String,
    /// `ATTEMPT_TIMEOUT_MS`: how long one request to the tracker may take.
    pub attempt_timeout: Duration,
    /// `CALL_BUDGET_MS`: how long one call of a tool may go on trying.
    pub call_budget: Duration,
    /// `CONFIRM_TTL_MS`: how long a question to the user stays open.
    pub confirm_ttl: Duration,
    /// `HANDLE_TTL_MS`: how long a draft is kept.
    pub handle_ttl: Duration,
    /// `RESULT_LIMIT`: how many bytes a result may have.
    pub result_limit: usize,
    /// `STATE_KEY`: what request states are signed with, at least 32 bytes. A secret.
    pub state_key: Vec<u8>,
}

impl Settings {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// A variable has a value that cannot be used.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(env::var)
    }

    /// Reads variables from wherever they are.
    ///
    /// # Errors
    /// A variable has a value that cannot be used.
    pub fn read(
        variable: impl Fn(&'static str) -> Result<String, VarError>,
    ) -> Result<Self, SettingsError> {
        let text = |name| match variable(name) {
            Ok(text) => Ok(Some(text)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(refused(name, "is not text")),
        };
        let number = |name, default: u64| match text(name)? {
            None => Ok(default),
            Some(digits) => match digits.parse() {
                Ok(0) | Err(_) => Err(refused(name, "must be a whole number above 0")),
                Ok(number) => Ok(number),
            },
        };
        let millis = |name, default| number(name, default).map(Duration::from_millis);
        let limit = usize::try_from(number("RESULT_LIMIT", 20_000)?).unwrap_or(usize::MAX);
        if limit < SMALLEST_RESULT {
            return Err(refused("RESULT_LIMIT", "must be at least 4000 bytes"));
        }
        let url = text("TRACKER_URL")?;
        let token = text("TRACKER_TOKEN")?;
        Ok(Self {
            tracker_url: http_url(url.as_deref().unwrap_or("http://127.0.0.1:8089"))?,
            tracker_token: header_text(token.unwrap_or_else(|| "tracker-dev-token".to_owned()))?,
            attempt_timeout: millis("ATTEMPT_TIMEOUT_MS", 2_000)?,
            call_budget: millis("CALL_BUDGET_MS", 10_000)?,
            confirm_ttl: millis("CONFIRM_TTL_MS", 300_000)?,
            handle_ttl: millis("HANDLE_TTL_MS", 1_800_000)?,
            result_limit: limit,
            state_key: state_key(text("STATE_KEY")?)?,
        })
    }
}

fn http_url(text: &str) -> Result<Url, SettingsError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(refused(
            "TRACKER_URL",
            "must be an address such as http://127.0.0.1:8089",
        )),
    }
}

fn header_text(token: String) -> Result<String, SettingsError> {
    match !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(token),
        false => Err(refused(
            "TRACKER_TOKEN",
            "must be visible ASCII, without blanks",
        )),
    }
}

fn state_key(given: Option<String>) -> Result<Vec<u8>, SettingsError> {
    match given.map(String::into_bytes) {
        Some(key) if key.len() < RequestStateCodec::MIN_KEY_LENGTH => {
            Err(refused("STATE_KEY", "must have at least 32 bytes"))
        }
        Some(key) => Ok(key),
        None => {
            tracing::info!("{RANDOM_KEY}");
            // Three of 16 bytes, of which 122 bits each are random.
            let random = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
            Ok(random.iter().flat_map(|part| *part.as_bytes()).collect())
        }
    }
}

fn refused(name: &'static str, problem: &'static str) -> SettingsError {
    SettingsError { name, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::create::DELAYS;

    fn read(name: &'static str, value: &str) -> Result<Settings, SettingsError> {
        Settings::read(|asked| match asked == name {
            true => Ok(value.to_owned()),
            false => Err(VarError::NotPresent),
        })
    }

    #[test]
    fn defaults_fit_together() {
        let settings = read("NONE", "").expect("defaults");
        assert_eq!(settings.tracker_url.as_str(), "http://127.0.0.1:8089/");
        // The slowest call of all: every attempt is at its limit, and every delay is waited for.
        let attempts = u32::try_from(DELAYS.len() + 1).expect("a few");
        let slowest = settings.attempt_timeout * attempts + DELAYS.iter().sum::<Duration>();
        assert!(slowest < settings.call_budget, "{slowest:?}");
        assert!(settings.state_key.len() >= RequestStateCodec::MIN_KEY_LENGTH);
        assert_ne!(
            settings.state_key,
            read("NONE", "").expect("defaults").state_key
        );
    }

    #[test]
    fn what_cannot_be_used_is_named_and_not_repeated() {
        for (name, value) in [
            ("TRACKER_URL", "localhost:8089"),
            ("TRACKER_URL", "secret"),
            ("CALL_BUDGET_MS", "-5"),
            ("HANDLE_TTL_MS", "soon"),
            ("RESULT_LIMIT", "3999"),
            ("STATE_KEY", "too-short"),
        ] {
            let problem = read(name, value).err().expect("refused").to_string();
            assert!(problem.starts_with(name), "{problem}");
            assert!(!problem.contains(value), "{problem}");
        }
    }
}
