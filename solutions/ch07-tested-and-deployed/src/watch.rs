//! What a request leaves in the log: a span around everything that is done for it.

use std::time::Instant;

use rmcp::model::RequestMetaObject;
use tracing::{Instrument, Span};

use crate::trace_context::TraceContext;

/// The span of one request: what it asks for, a number of its own, and the trace that it belongs to.
pub fn span(method: &'static str, name: &str, meta: &RequestMetaObject) -> Span {
    // STARTER 7.7: let _unused = (name, meta.get_traceparent(), TraceContext::random);
    // STARTER 7.7: tracing::info_span!("request", method)
    // ANCHOR: ex-7-7
    // Whoever calls may have begun a trace. If not, one begins here.
    let given = meta.get_traceparent().and_then(TraceContext::parse);
    let trace = given.unwrap_or_else(TraceContext::random);
    // The `id` of JSON-RPC does not do: every client counts from the beginning.
    let request_id = uuid::Uuid::new_v4();
    tracing::info_span!("request", method, name, %request_id, trace_id = trace.trace_id)
    // ANCHOR_END: ex-7-7
}

/// Does the work for a request inside of its span, and tells when it is done.
pub async fn request<T, E>(span: Span, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let watched = async {
        let begin = Instant::now();
        let reply = work.await;
        let millis = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(ok = reply.is_ok(), millis, "answered");
        reply
    };
    watched.instrument(span).await
}
