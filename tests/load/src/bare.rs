//! The least that a server could do with a request: the yardstick.

use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct Numbers {
    a: i64,
    b: i64,
}

#[derive(Serialize)]
struct Sum {
    result: i64,
}

/// Serves until it is killed: adds two numbers.
///
/// # Errors
/// The address cannot be had.
pub(super) async fn bare() -> anyhow::Result<()> {
    let listener = TcpListener::bind(std::env::var("MCP_LISTEN")?).await?;
    let address = listener.local_addr()?;
    let add = |Json(Numbers { a, b }): Json<Numbers>| async move {
        Json(Sum {
            result: a.saturating_add(b),
        })
    };
    let app = Router::new().route("/mcp", post(add));
    eprintln!("listening on http://{address}/mcp");
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, app).await?)
}
