//! The audit log of the company, which has to know of a bug before it is on the board.

use std::time::Duration;

/// Tells the audit log which id a bug will have.
///
/// Takes as many milliseconds as the environment says in `AUDIT_MS`, 50 by default.
pub async fn audit(id: &str) {
    let millis = std::env::var("AUDIT_MS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(50);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    tracing::info!(id, "audited");
}
