//! Serving over HTTP, from the listener to the end of the process.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http>

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use axum::{Router, middleware};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::drain::{self, Work};
use crate::health::Health;
use crate::server::TrackerServer;
use crate::settings::Settings;

/// How long replies that are ready may take on their way out, once there is nothing else to wait for.
const ON_THEIR_WAY: Duration = Duration::from_millis(100);

/// Serves until `stop` is cancelled and every request that was here has its answer.
///
/// # Errors
/// The address cannot be had.
pub async fn serve(settings: Settings, stop: CancellationToken) -> anyhow::Result<()> {
    let (listen, limit) = (settings.listen, settings.drain_limit);
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("MCP_LISTEN: {listen}"))?;
    let work = Work::new(stop);
    let own = format!("http://{}", listener.local_addr()?);
    let app = router(TrackerServer::new(settings)?, work.clone(), &own);
    eprintln!("listening on {own}/mcp");
    // Small messages go out at once. Otherwise each waits for the client's word on the one before.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let close = CancellationToken::new();
    let served = axum::serve(listener, app).with_graceful_shutdown(close.clone().cancelled_owned());
    let end = async {
        drain::drained(&work, limit).await;
        close.cancel();
        tokio::time::sleep(ON_THEIR_WAY).await;
    };
    tokio::select! {
        ended = served => Ok(ended?),
        () = end => Ok(()),
    }
}

/// The whole server: the MCP endpoint, and what its operators ask. `own` is the address at which it listens.
pub fn router(server: TrackerServer, work: Work, own: &str) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // Local programs only: no other name for this machine, and no web page from elsewhere.
        .with_allowed_origins([own]);
    let health = Health {
        work: work.clone(),
        tracker: server.tracker().clone(),
    };
    // The SDK makes a handler for every request. What they share is behind the clones of this one.
    let factory = move || Ok(server.clone());
    let mcp = StreamableHttpService::new(factory, Arc::<LocalSessionManager>::default(), config);
    Router::new()
        .route_service("/mcp", mcp)
        .layer(middleware::from_fn_with_state(work, drain::admit))
        .merge(health.routes())
}
