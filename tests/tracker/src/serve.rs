//! Running a tracker.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::access::Tokens;
use crate::routes;
use crate::shared::Shared;

/// After the call to stop, replies under way have this long.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

/// How a tracker is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which bearer tokens it accepts.
    pub tokens: Tokens,
    /// Whether `/admin/faults` exists.
    pub admin: bool,
    /// How fast imports go. 0 stops them where they are.
    pub rows_per_second: u64,
    /// So many changes are kept in the feed.
    pub changes_kept: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: Tokens::default(),
            admin: false,
            rows_per_second: 500,
            changes_kept: 1000,
        }
    }
}

/// Serves a tracker with this state on `listener` until `until` ends, then finishes the replies under way and returns, after
/// 1 s at the latest.
///
/// # Errors
/// Those of the listener.
pub(crate) async fn run(
    listener: TcpListener,
    options: &Options,
    shared: Arc<Shared>,
    until: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = routes::router(Arc::clone(&shared), options.admin);
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
    // A caller that never reads its reply must not keep the tracker alive.
    tokio::time::timeout(GRACE, server).await.unwrap_or(Ok(()))
}
