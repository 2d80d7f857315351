//! Telling modern clients: each asks for what it wants to hear, and hears it until it has enough.

use rmcp::ErrorData;
use rmcp::model::SubscriptionFilter;
use rmcp::service::SubscriptionContext;

use crate::feed::Feed;

/// What of a wish this server grants. The SDK takes away what the capabilities do not name, and tells the
/// client before anything else.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/subscriptions>
pub fn accepted(requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
    // STARTER 4.6: let _ = requested;
    // STARTER 4.6: None
    // ANCHOR: ex-4-6
    Some(requested.clone())
    // ANCHOR_END: ex-4-6
}

/// Passes changes on until the client cancels the subscription or hangs up.
///
/// # Errors
/// None: whoever cannot be told any more has gone.
pub async fn listen(feed: &Feed, subscription: SubscriptionContext) -> Result<(), ErrorData> {
    // STARTER 4.6-b: Err(crate::not_yet::not_yet("4.6", (feed, subscription)))
    // ANCHOR: ex-4-6-b
    let mut changes = feed.listen().await;
    loop {
        let change = tokio::select! {
            () = subscription.cancelled() => return Ok(()),
            change = changes.next() => change,
        };
        // The sink belongs to this subscription: what it sends carries its id. A notification by the
        // peer would carry none.
        let (wanted, sink) = (subscription.accepted(), subscription.sink());
        let mut sent = Ok(());
        if wanted.resources_list_changed == Some(true) && change.touches_list() {
            sent = sink.notify_resource_list_changed().await;
        }
        for uri in wanted.resource_subscriptions.iter().flatten() {
            if change.touches(uri) {
                sent = sent.and(sink.notify_resource_updated(uri.clone()).await);
            }
        }
        if sent.is_err() {
            return Ok(());
        }
    }
    // ANCHOR_END: ex-4-6-b
}
