//! Telling the client how far a long call is.

// ANCHOR: ex-8-4-b
use rmcp::model::ProgressToken;
use rmcp::service::RequestContext;
use rmcp::{Peer, RoleServer};

/// At most about so many notifications a call, however large it is.
pub const STEPS: u64 = 18;

/// The way to the client that waits for one call.
pub struct Progress {
    /// The client.
    pub peer: Peer<RoleServer>,
    /// What the client calls this call. Without it the client does not want to know.
    pub token: Option<ProgressToken>,
    /// What was told last.
    pub told: Option<u64>,
}

impl Progress {
    /// For one call of a tool.
    pub fn new(context: &RequestContext<RoleServer>) -> Self {
        Self {
            peer: context.peer.clone(),
            token: context.meta.get_progress_token(),
            told: None,
        }
    }

    /// Says that `done` of `total` is done. May be called as often as one likes.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/progress>
    pub async fn report(&mut self, done: u64, total: u64) {
        let Some(token) = self.token.clone() else {
            return;
        };
        let step = (total / STEPS).max(1);
        let due = |told| done >= told + step || (done == total && done > told);
        if !self.told.is_none_or(due) {
            return;
        }
        self.told = Some(done);
        let news = rmcp::model::ProgressNotificationParam::new(token, done as f64)
            .with_total(total as f64)
            .with_message(format!("{done} of {total} rows"));
        // Awaited, so that it is written before the result is. A client that has gone has no use
        // for it, and is no reason to stop.
        let _ = self.peer.notify_progress(news).await;
    }
}
// ANCHOR_END: ex-8-4-b
