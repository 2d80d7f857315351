//! What the environment says about this server, read once at the start.

use std::env::VarError;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;

use crate::environment::{Environment, SettingsError, refused};
use crate::secret::Secret;

/// The settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `TRACKER_URL`: where the tracker is.
    pub tracker_url: Url,
    /// `TRACKER_TOKEN`: what this server shows the tracker.
    pub tracker_token: Secret,
    /// `ATTEMPT_TIMEOUT_MS`: how long one request to the tracker may take.
    pub attempt_timeout: Duration,
    /// `CALL_BUDGET_MS`: how long one call of a tool may go on trying.
    pub call_budget: Duration,
    /// `MCP_LISTEN`: where `http` listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// `DRAIN_LIMIT_MS`: how long requests may still take when the process is told to stop.
    pub drain_limit: Duration,
}

impl Settings {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// A variable is missing or has a value that cannot be used.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(&Environment::of_process())
    }

    /// Reads variables from wherever they are.
    ///
    /// # Errors
    /// A variable is missing or has a value that cannot be used.
    pub fn read(
        from: &Environment<impl Fn(&str) -> Result<String, VarError>>,
    ) -> Result<Self, SettingsError> {
        let default =
            || Url::parse("http://127.0.0.1:8089").map_err(|_| refused("TRACKER_URL", ""));
        let listen = from.list("MCP_LISTEN", |text| text.parse().ok())?;
        let listen: SocketAddr = listen
            .first()
            .copied()
            .unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 8080).into());
        // Nobody is asked who they are. Chapter 6 has what a server needs before others may reach it.
        if !listen.ip().is_loopback() {
            return Err(refused(
                "MCP_LISTEN",
                "must be a loopback address: this server knows no tokens",
            ));
        }
        Ok(Self {
            tracker_url: from.url("TRACKER_URL")?.map_or_else(default, Ok)?,
            tracker_token: from.secret("TRACKER_TOKEN")?,
            attempt_timeout: from.millis("ATTEMPT_TIMEOUT_MS", 2_000)?,
            call_budget: from.millis("CALL_BUDGET_MS", 10_000)?,
            listen,
            drain_limit: from.millis("DRAIN_LIMIT_MS", 10_000)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::read(&Environment::new(|asked: &str| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        }))
    }

    #[test]
    fn a_token_is_enough_to_start_and_is_not_shown() {
        let settings = read(&[("TRACKER_TOKEN", "t0k3n")]).expect("enough");
        assert!(settings.listen.ip().is_loopback());
        assert!(!format!("{settings:?}").contains("t0k3n"));
    }

    #[test]
    fn nobody_from_outside_can_call() {
        for address in ["0.0.0.0:8080", "192.0.2.1:8080", "[::]:8080"] {
            let variables = [("TRACKER_TOKEN", "t0k3n"), ("MCP_LISTEN", address)];
            let problem = read(&variables).expect_err("too open");
            assert_eq!(problem.name, "MCP_LISTEN");
        }
        let variables = [("TRACKER_TOKEN", "t0k3n"), ("MCP_LISTEN", "[::1]:0")];
        assert!(read(&variables).is_ok());
    }
}
