//! Serving over HTTP, from the listener to the end of the process.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http>

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use axum::{Router, middleware};
use reqwest::Url;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::auth::{Keys, Remembered, Verifier};
use crate::gate::{self, Gate};
use crate::limits::Limits;
use crate::metadata::Announcement;
use crate::server::TrackerServer;
use crate::settings::Settings;

/// How long calls in flight may take when the server is told to stop. Streams that are open then end after it, too.
const LAST_CALLS: Duration = Duration::from_secs(3);

/// Serves until `stop` is cancelled, and lets requests in flight finish.
///
/// # Errors
/// The address cannot be had, or nobody could ever get in.
pub async fn serve(mut settings: Settings, stop: CancellationToken) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.with_context(|| format!("MCP_LISTEN: {}", settings.listen))?;
    let own = Url::parse(&format!("http://{}/mcp", listener.local_addr()?))?;
    let gate = gate(&mut settings, own.clone())?;
    let app = router(
        gate,
        TrackerServer::remote(settings)?,
        after(LAST_CALLS, &stop),
    );
    eprintln!("listening on {own}");
    // Small messages go out at once. Otherwise each waits for the client's word on the one before.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let stopped = stop.cancelled_owned();
    Ok(axum::serve(listener, app)
        .with_graceful_shutdown(stopped)
        .await?)
}

/// Cancelled so long after `stop`.
fn after(time: Duration, stop: &CancellationToken) -> CancellationToken {
    let (stop, later) = (stop.clone(), CancellationToken::new());
    let end = later.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        tokio::time::sleep(time).await;
        end.cancel();
    });
    later
}

/// What requests are judged by. `own` is the address of this server, as long as no other is set.
fn gate(settings: &mut Settings, own: Url) -> anyhow::Result<Gate> {
    let issuer = settings.issuer.take();
    let announcement = Announcement::new(
        settings.resource.take().unwrap_or(own),
        issuer.as_ref().map(|issuer| issuer.name.clone()),
    );
    let verifier = match (settings.static_tokens.take(), issuer) {
        (Some(tokens), _) => Verifier::Static(tokens),
        (None, Some(issuer)) => Verifier::Issuer {
            keys: Box::new(Keys::new(
                issuer,
                settings.jwks_ttl,
                settings.attempt_timeout,
            )?),
            resource: announcement.resource().to_owned(),
            remembered: Remembered::default(),
        },
        (None, None) => anyhow::bail!("ISSUER_URL is not set: nobody could get in"),
    };
    Ok(Gate {
        hosts: std::mem::take(&mut settings.hosts),
        origins: std::mem::take(&mut settings.origins),
        verifier,
        limits: Limits::new(settings.limits),
        announcement,
    })
}

/// The whole server: the MCP endpoint behind its gate, and the metadata for everybody.
pub fn router(gate: Gate, server: TrackerServer, end: CancellationToken) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_json_response(true)
        // Whoever still waits for a reply then gets 500: that is why it comes later than `stop`.
        .with_cancellation_token(end)
        // The gate knows the hosts, and how long a body may be.
        .disable_allowed_hosts()
        .with_max_request_body_bytes(usize::MAX);
    // The SDK makes a handler for every request. What they share is behind the clones of this one.
    let factory = move || Ok(server.clone());
    let sessions = Arc::new(LocalSessionManager::default());
    let mcp = StreamableHttpService::new(factory, sessions, with_sessions(config));
    let metadata = gate.announcement.routes();
    let gate = middleware::from_fn_with_state(Arc::new(gate), gate::pass);
    Router::new()
        .route_service("/mcp", mcp)
        .layer(gate)
        .merge(metadata)
}

/// Whether the server remembers clients of the legacy era between their requests.
fn with_sessions(config: StreamableHttpServerConfig) -> StreamableHttpServerConfig {
    // Exercise 6.10-b begins. Hint: cargo xtask hint 6.10
    config.with_legacy_session_mode(true)
    // Exercise 6.10-b ends.
}
