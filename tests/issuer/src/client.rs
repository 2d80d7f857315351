//! Who asks for tokens: clients that are registered, and those that describe themselves.

use serde::Deserialize;

use crate::uri;

/// The program for machines that is registered with every issuer: it signs in with its secret, for itself.
pub const MACHINE_CLIENT: &str = "nightly-report";

/// The secret of [`MACHINE_CLIENT`]. It protects nothing: the issuer is for learning.
pub const MACHINE_SECRET: &str = "nightly-report-dev-secret";

/// A server that is itself a client of the tracker, and gets its own token for that.
pub const SERVER_CLIENT: &str = "tracker-mcp";

/// The secret of [`SERVER_CLIENT`].
pub const SERVER_SECRET: &str = "tracker-mcp-dev-secret";

/// The client of `cargo xtask talk`, registered with every issuer. It has no secret, since nobody could keep it.
pub const TALK_CLIENT: &str = "workbook-talk";

/// Where [`TALK_CLIENT`] listens for the answer, on any port.
pub const TALK_REDIRECT: &str = "http://127.0.0.1/callback";

/// A way to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// A person agrees in the browser.
    AuthorizationCode,
    /// A token that expires is renewed without asking the person again.
    RefreshToken,
    /// The client acts for itself.
    ClientCredentials,
}

impl Grant {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
    ];

    /// As it is written in `grant_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// A client, as the issuer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its `client_id`: a name, or the address of the document that describes it.
    pub id: String,
    /// For people.
    pub name: String,
    /// What it authenticates itself with; none for a client that cannot keep a secret.
    pub secret: Option<String>,
    /// Where it may be sent with the answer.
    pub redirect_uris: Vec<String>,
    /// What it may ask with.
    pub grants: Vec<Grant>,
}

impl Client {
    /// The clients that every issuer knows, unless it is told otherwise.
    pub fn registered() -> Vec<Self> {
        vec![
            Self {
                id: TALK_CLIENT.into(),
                name: "cargo xtask talk".into(),
                secret: None,
                redirect_uris: vec![TALK_REDIRECT.into()],
                grants: vec![Grant::AuthorizationCode, Grant::RefreshToken],
            },
            Self::for_itself(MACHINE_CLIENT, "The nightly report", MACHINE_SECRET),
            Self::for_itself(SERVER_CLIENT, "The tracker's MCP server", SERVER_SECRET),
        ]
    }

    /// A client that acts for itself alone.
    pub fn for_itself(id: &str, name: &str, secret: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            secret: Some(secret.into()),
            redirect_uris: Vec::new(),
            grants: vec![Grant::ClientCredentials],
        }
    }

    pub(crate) fn may(&self, grant: Grant) -> bool {
        self.grants.contains(&grant)
    }

    /// Whether it may be sent there.
    pub(crate) fn has_redirect(&self, asked: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|known| uri::redirect_matches(known, asked))
    }
}
