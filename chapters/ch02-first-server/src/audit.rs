//! The audit log of the company, which has to know of a bug before it is on the board.

use std::time::Duration;

/// Tells the audit log which id a bug will have. Takes `AUDIT_MS` milliseconds, 50 if the environment does not say.
pub async fn audit(id: &str) {
    let millis = std::env::var("AUDIT_MS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(50);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    tracing::info!(id, "audited");
}
