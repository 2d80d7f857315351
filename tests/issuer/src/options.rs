//! How an issuer is set up.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::client::Client;

/// How an issuer is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The path of the issuer identifier, for instance `/team`; empty for an issuer that has its port to itself.
    pub path: String,
    /// Whether the routes below `/admin` exist.
    pub admin: bool,
    /// How long an access token is good.
    pub token_lifetime: Duration,
    /// How long a code is good.
    pub code_lifetime: Duration,
    /// Who may ask for tokens, beside those that describe themselves in a document.
    pub clients: Vec<Client>,
    /// Documents that are known without being fetched, by their addresses: those at `https`, which this issuer never fetches.
    pub documents: BTreeMap<String, Value>,
    /// Servers with tokens of their own: for such a resource, written without a slash at its end, this text is given out in
    /// place of a token that the issuer makes.
    pub opaque_tokens: BTreeMap<String, String>,
    /// The people who may be behind a browser. The consent page asks which of them it is.
    pub subjects: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: String::new(),
            admin: false,
            token_lifetime: Duration::from_secs(900),
            code_lifetime: Duration::from_secs(60),
            clients: Client::registered(),
            documents: BTreeMap::new(),
            opaque_tokens: BTreeMap::new(),
            // Two members of every project that the tracker starts with.
            subjects: vec!["ada".into(), "noor".into()],
        }
    }
}
