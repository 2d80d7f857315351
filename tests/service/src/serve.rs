//! Serving until the end.

use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::End;

/// After the call to stop, replies under way have this long.
const GRACE: Duration = Duration::from_secs(1);

/// Serves `router` on `listener` until `until` ends, then begins the `end`, finishes the replies under way and returns,
/// after 1 s at the latest.
///
/// # Errors
/// Those of the listener.
pub async fn run(
    listener: TcpListener,
    router: Router,
    end: &End,
    until: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    // Small replies must not wait for the next packet. A connection that refuses the option is as good as closed.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let heard = end.clone();
    let server = axum::serve(listener, router)
        .with_graceful_shutdown(async move { heard.begun().await })
        .into_future();
    let mut server = pin!(server);
    tokio::select! {
        result = &mut server => return result,
        () = until => end.begin(),
    }
    // A caller that never reads its reply must not keep the service alive.
    tokio::time::timeout(GRACE, server).await.unwrap_or(Ok(()))
}
