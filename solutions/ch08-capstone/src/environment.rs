//! Reading variables, each as what it is meant to be.

use std::env::{self, VarError};
use std::fs;
use std::time::Duration;

use reqwest::Url;

use crate::secret::{self, Secret};

/// Why the server does not start. Names the variable, never its value: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct SettingsError {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// Where variables come from.
pub struct Environment<F>(F);

impl Environment<fn(&str) -> Result<String, VarError>> {
    /// The environment of this process.
    pub fn of_process() -> Self {
        Self(|name| env::var(name))
    }
}

/// Every method fails if the variable has a value that cannot be used.
impl<F: Fn(&str) -> Result<String, VarError>> Environment<F> {
    /// Variables from elsewhere.
    pub fn new(variable: F) -> Self {
        Self(variable)
    }

    /// A text, if it is set.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, SettingsError> {
        self.raw(name).map_err(|problem| refused(name, problem))
    }

    /// A secret: from the variable, from the file that the variable with `_FILE` at its end names, or
    /// from the key ring of the system.
    pub fn secret(&self, name: &'static str) -> Result<Secret, SettingsError> {
        let given = self.given(name).map_err(|problem| refused(name, problem));
        secret::accept(given?).map_err(|problem| refused(name, problem))
    }

    /// A secret that may be left out, and is judged if it is not.
    pub fn optional_secret(&self, name: &'static str) -> Result<Option<Secret>, SettingsError> {
        let given = self.given(name).map_err(|problem| refused(name, problem));
        let Some(text) = given? else {
            return Ok(None);
        };
        let accepted = secret::accept(Some(text));
        accepted.map(Some).map_err(|problem| refused(name, problem))
    }

    /// A whole number above 0.
    pub fn number(&self, name: &'static str, default: u64) -> Result<u64, SettingsError> {
        match self.text(name)?.map(|digits| digits.parse()) {
            None => Ok(default),
            Some(Ok(number)) if number > 0 => Ok(number),
            Some(_) => Err(refused(name, "must be a whole number above 0")),
        }
    }

    /// A time in milliseconds.
    pub fn millis(&self, name: &'static str, default: u64) -> Result<Duration, SettingsError> {
        self.number(name, default).map(Duration::from_millis)
    }

    /// A web address, if it is set.
    pub fn url(&self, name: &'static str) -> Result<Option<Url>, SettingsError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(url)),
            _ => Err(refused(
                name,
                "must be an address such as http://127.0.0.1:8089",
            )),
        }
    }

    /// Entries between commas, each read by `entry`.
    pub fn list<T>(
        &self,
        name: &'static str,
        entry: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, SettingsError> {
        let text = self.text(name)?.unwrap_or_default();
        let entries = text.split(',').map(str::trim).filter(|one| !one.is_empty());
        let read: Option<Vec<T>> = entries.map(entry).collect();
        read.ok_or_else(|| refused(name, "has an entry that cannot be read"))
    }

    fn raw(&self, name: &str) -> Result<Option<String>, &'static str> {
        match (self.0)(name) {
            Ok(text) => Ok(Some(text)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err("is not text"),
        }
    }

    fn given(&self, name: &str) -> Result<Option<String>, &'static str> {
        if let Some(text) = self.raw(name)? {
            return Ok(Some(text));
        }
        let Some(path) = self.raw(&format!("{name}_FILE"))? else {
            return Ok(from_key_ring(name));
        };
        let text = fs::read_to_string(path).map_err(|_| "cannot be read from its file")?;
        // Editors end a file with a line break, which is no part of the secret.
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// Looks up the entry of this server and this name, as the tool of the system has stored it.
#[cfg(feature = "keyring")]
fn from_key_ring(name: &str) -> Option<String> {
    let entry = keyring::Entry::new(env!("CARGO_PKG_NAME"), name).ok()?;
    entry.get_password().ok()
}

#[cfg(not(feature = "keyring"))]
fn from_key_ring(_: &str) -> Option<String> {
    None
}

/// A variable that cannot be used.
pub fn refused(name: &'static str, problem: &'static str) -> SettingsError {
    SettingsError { name, problem }
}
