//! Running an issuer.

use std::collections::BTreeMap;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::client::Client;
use crate::routes;
use crate::shared::Shared;

/// After the call to stop, replies under way have this long.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

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

/// Serves an issuer with this state on `listener` until `until` ends, then finishes the replies under way and returns, after
/// 1 s at the latest.
///
/// # Errors
/// Those of the listener.
pub(crate) async fn run(
    listener: TcpListener,
    shared: Arc<Shared>,
    until: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = routes::router(&shared);
    // Small replies must not wait for the next packet. A connection that refuses the option is as good as closed.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let end = Arc::clone(&shared);
    let server = axum::serve(listener, router)
        .with_graceful_shutdown(async move { end.stopped().await })
        .into_future();
    let mut server = pin!(server);
    tokio::select! {
        result = &mut server => return result,
        () = until => shared.stop(),
    }
    // A caller that never reads its reply must not keep the issuer alive.
    tokio::time::timeout(GRACE, server).await.unwrap_or(Ok(()))
}
