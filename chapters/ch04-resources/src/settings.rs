//! What the environment says about this server, read once at the start.

use std::env::{self, VarError};
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

/// Why the server does not start. Names the variable, never its value: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct SettingsError {
    name: &'static str,
    problem: &'static str,
}

/// The settings. Without `Debug`: one of them is a secret.
pub struct Settings {
    /// `TRACKER_URL`: where the tracker is.
    pub tracker_url: Url,
    /// `TRACKER_TOKEN`: what this server shows the tracker. A secret.
    pub tracker_token: String,
    /// `ATTEMPT_TIMEOUT_MS`: how long one request to the tracker may take.
    pub attempt_timeout: Duration,
    /// `PINNED_TASK`: the task whose attachments are listed. All others are reached by a template.
    pub pinned_task: String,
    /// `HANDBOOK_DIR`: the folder with the handbook of the team.
    pub handbook_folder: PathBuf,
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
        let millis = |name, default| match text(name)? {
            None => Ok(Duration::from_millis(default)),
            Some(digits) => match digits.parse() {
                Ok(0) | Err(_) => Err(refused(name, "must be a whole number above 0")),
                Ok(number) => Ok(Duration::from_millis(number)),
            },
        };
        let url = text("TRACKER_URL")?;
        let token = text("TRACKER_TOKEN")?;
        Ok(Self {
            tracker_url: http_url(url.as_deref().unwrap_or("http://127.0.0.1:8089"))?,
            tracker_token: header_text(token.unwrap_or_else(|| "tracker-dev-token".to_owned()))?,
            attempt_timeout: millis("ATTEMPT_TIMEOUT_MS", 2_000)?,
            pinned_task: text("PINNED_TASK")?.unwrap_or_else(|| "ATLAS-2".to_owned()),
            handbook_folder: folder(text("HANDBOOK_DIR")?)?,
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

/// The folder that comes with the crate, wherever the program is started from, or another one.
fn folder(path: Option<String>) -> Result<PathBuf, SettingsError> {
    let Some(path) = path else {
        return Ok(concat!(env!("CARGO_MANIFEST_DIR"), "/handbook").into());
    };
    let path = PathBuf::from(path);
    match path.is_dir() {
        true => Ok(path),
        false => Err(refused("HANDBOOK_DIR", "must be a folder")),
    }
}

fn refused(name: &'static str, problem: &'static str) -> SettingsError {
    SettingsError { name, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, value: &str) -> Result<Settings, SettingsError> {
        Settings::read(|asked| match asked == name {
            true => Ok(value.to_owned()),
            false => Err(VarError::NotPresent),
        })
    }

    #[test]
    fn nothing_has_to_be_set() {
        let settings = read("NONE", "").expect("defaults");
        assert_eq!(settings.tracker_url.as_str(), "http://127.0.0.1:8089/");
        assert_eq!(settings.pinned_task, "ATLAS-2");
        assert!(settings.handbook_folder.join("welcome.md").is_file());
    }

    #[test]
    fn what_cannot_be_used_is_named_and_not_repeated() {
        for (name, value) in [
            ("TRACKER_URL", "localhost:8089"),
            ("TRACKER_URL", "secret"),
            ("ATTEMPT_TIMEOUT_MS", "-5"),
            ("HANDBOOK_DIR", "no/such/folder"),
        ] {
            let problem = read(name, value).err().expect("refused").to_string();
            assert!(problem.starts_with(name), "{problem}");
            assert!(!problem.contains(value), "{problem}");
        }
    }
}
