//! What the environment says about this server, read once at the start.

use std::env::VarError;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;

use crate::command_line::Command;
use crate::environment::{Environment, SettingsError, refused};
use crate::sealed;
use crate::secret::Secret;

/// What a task without its description may take, and a little more.
const LEAST_RESULT: u64 = 4_000;

/// The settings. `Debug` goes to the log at the start: what is a secret must not show it.
#[derive(Debug)]
pub struct Settings {
    /// `MCP_LISTEN`: where `http` listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// `RESOURCE_URL`: how clients reach this server, if that is not the address it listens at.
    pub resource: Option<Url>,
    /// `ALLOWED_HOSTS`: what the `Host` header may say, as `name` or `name:port`.
    pub hosts: Vec<String>,
    /// `ALLOWED_ORIGINS`: web pages whose scripts may call, such as `https://app.example.com`.
    pub origins: Vec<String>,
    /// `ISSUER_URL`: the authorization server whose tokens are accepted.
    pub issuer: Option<Issuer>,
    /// `JWKS_TTL_MS`: how long its keys are kept.
    pub jwks_ttl: Duration,
    /// What this server shows the tracker.
    pub upstream: UpstreamSettings,
    /// `TRACKER_URL`: where the tracker is.
    pub tracker: Url,
    /// `ATTEMPT_TIMEOUT_MS`: how long one request to another server may take.
    pub attempt_timeout: Duration,
    /// `CONFIRM_TTL_MS`: how long a question to the user stays open.
    pub confirm_ttl: Duration,
    /// `HANDLE_TTL_MS`: how long a plan is good for.
    pub handle_ttl: Duration,
    /// `STATE_KEY`: what plans and open questions are signed with.
    pub state_key: Secret,
    /// What one caller may take.
    pub limits: LimitSettings,
    /// `RESULT_LIMIT`: bytes of the result of one call.
    pub result_limit: u64,
}

/// Limits of one caller.
#[derive(Debug, Clone, Copy)]
pub struct LimitSettings {
    /// `RATE_LIMIT`: requests a second, and as many at once after a rest.
    pub rate: u64,
    /// `CONCURRENCY_LIMIT`: requests at the same time.
    pub concurrency: u64,
    /// `BODY_LIMIT`: bytes of a request.
    pub body: u64,
    /// `BODY_TIMEOUT_MS`: how long a request may take to arrive.
    pub body_timeout: Duration,
    /// `CALL_BUDGET_MS`: how long a call of a tool may take.
    pub call_budget: Duration,
    /// `IMPORT_BUDGET_MS`: how long an import may take.
    pub import_budget: Duration,
}

/// An authorization server.
#[derive(Debug)]
pub struct Issuer {
    /// Where it is.
    pub url: Url,
    /// The same as it was written: names are compared to the letter, and `Url` adds a slash to a bare host.
    pub name: String,
}

/// What this server shows the tracker.
#[derive(Debug, Clone)]
pub enum UpstreamSettings {
    /// `TRACKER_TOKEN`: a token that does not change.
    Token(Secret),
    /// A token that is fetched where `TRACKER_TOKEN_URL` says.
    Client {
        /// `TRACKER_TOKEN_URL`: the token endpoint.
        token_url: Url,
        /// `TRACKER_CLIENT_ID`: what this server is called there.
        id: String,
        /// `TRACKER_CLIENT_SECRET`: its password there.
        secret: Secret,
    },
}

impl Settings {
    /// Reads the environment of this process, for what it is asked to do.
    ///
    /// # Errors
    /// A variable is missing or has a value that cannot be used.
    pub fn from_environment(command: Command) -> Result<Self, SettingsError> {
        let settings = Self::read(&Environment::of_process())?.enough_for(command)?;
        tracing::info!("{settings:?}");
        Ok(settings)
    }

    /// Over HTTP nobody gets in without an issuer.
    fn enough_for(self, command: Command) -> Result<Self, SettingsError> {
        match (command, &self.issuer) {
            (Command::Http, None) => Err(refused("ISSUER_URL", "is not set")),
            _ => Ok(self),
        }
    }

    /// Reads variables from wherever they are.
    ///
    /// # Errors
    /// A variable is missing or has a value that cannot be used.
    pub fn read(
        from: &Environment<impl Fn(&str) -> Result<String, VarError>>,
    ) -> Result<Self, SettingsError> {
        let local = (Ipv4Addr::LOCALHOST, 8080).into();
        let listen = from.list("MCP_LISTEN", |text| text.parse().ok())?;
        let mut hosts = from.list("ALLOWED_HOSTS", |text| Some(text.to_lowercase()))?;
        if hosts.is_empty() {
            hosts = ["localhost", "127.0.0.1", "[::1]"].map(String::from).into();
        }
        let tracker = from.url("TRACKER_URL")?;
        let default =
            || Url::parse("http://127.0.0.1:8089").map_err(|_| refused("TRACKER_URL", ""));
        let settings = Self {
            listen: listen.first().copied().unwrap_or(local),
            resource: from.url("RESOURCE_URL")?,
            hosts,
            origins: from.list("ALLOWED_ORIGINS", |text| Some(text.to_lowercase()))?,
            issuer: issuer(from)?,
            jwks_ttl: from.millis("JWKS_TTL_MS", 300_000)?,
            upstream: upstream(from)?,
            tracker: tracker.map_or_else(default, Ok)?,
            attempt_timeout: from.millis("ATTEMPT_TIMEOUT_MS", 2_000)?,
            confirm_ttl: from.millis("CONFIRM_TTL_MS", 300_000)?,
            handle_ttl: from.millis("HANDLE_TTL_MS", 1_800_000)?,
            state_key: sealed::key(from.optional_secret("STATE_KEY")?)
                .map_err(|problem| refused("STATE_KEY", problem))?,
            limits: LimitSettings {
                rate: from.number("RATE_LIMIT", 100)?,
                concurrency: from.number("CONCURRENCY_LIMIT", 32)?,
                body: from.number("BODY_LIMIT", 1_000_000)?,
                body_timeout: from.millis("BODY_TIMEOUT_MS", 10_000)?,
                call_budget: from.millis("CALL_BUDGET_MS", 10_000)?,
                import_budget: from.millis("IMPORT_BUDGET_MS", 300_000)?,
            },
            result_limit: from.number("RESULT_LIMIT", 20_000)?,
        };
        if settings.result_limit < LEAST_RESULT {
            return Err(refused("RESULT_LIMIT", "must be at least 4000"));
        }
        Ok(settings)
    }
}

fn issuer(
    from: &Environment<impl Fn(&str) -> Result<String, VarError>>,
) -> Result<Option<Issuer>, SettingsError> {
    let found = from.url("ISSUER_URL")?.zip(from.text("ISSUER_URL")?);
    Ok(found.map(|(url, name)| Issuer { url, name }))
}

fn upstream(
    from: &Environment<impl Fn(&str) -> Result<String, VarError>>,
) -> Result<UpstreamSettings, SettingsError> {
    let Some(id) = from.text("TRACKER_CLIENT_ID")? else {
        return from.secret("TRACKER_TOKEN").map(UpstreamSettings::Token);
    };
    let token_url = from.url("TRACKER_TOKEN_URL")?;
    Ok(UpstreamSettings::Client {
        token_url: token_url.ok_or_else(|| refused("TRACKER_TOKEN_URL", "is not set"))?,
        id,
        secret: from.secret("TRACKER_CLIENT_SECRET")?,
    })
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
    fn one_secret_is_enough_to_start() {
        let settings = read(&[("TRACKER_TOKEN", "t0k3n")]).expect("enough");
        assert!(settings.listen.ip().is_loopback());
        assert!(!format!("{settings:?}").contains("t0k3n"));
    }

    #[test]
    fn http_needs_an_issuer() {
        let enough = |command| read(&[("TRACKER_TOKEN", "t0k3n")])?.enough_for(command);
        assert!(enough(Command::Serve).is_ok());
        let error = enough(Command::Http).map(drop);
        assert_eq!(error.map_err(|error| error.name), Err("ISSUER_URL"));
    }

    #[test]
    fn what_is_wrong_is_named_and_not_shown() {
        let error = read(&[("TRACKER_TOKEN", "${TRACKER_TOKEN}")]).map(drop);
        assert_eq!(error.map_err(|error| error.name), Err("TRACKER_TOKEN"));
        let short = [("TRACKER_TOKEN", "t0k3n"), ("STATE_KEY", "short-s3cret")];
        let error = read(&short).map(drop).expect_err("too short");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[test]
    fn a_result_has_room_for_a_task() {
        let small = [("TRACKER_TOKEN", "t0k3n"), ("RESULT_LIMIT", "3999")];
        assert!(read(&small).is_err());
    }
}
