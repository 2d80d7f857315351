//! Who sent a request.

use rmcp::{ErrorData, RoleServer, service::RequestContext};

/// Describes the client that sent this very request, and the era it speaks.
///
/// A modern client may name itself in the `_meta` of each request; a legacy client did so once, in
/// `initialize`.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/index>
///
/// # Errors
/// None: a client that does not name itself is "unknown".
pub fn describe(context: &RequestContext<RoleServer>) -> Result<String, ErrorData> {
    // STARTER 1.5: Err(crate::not_yet::not_yet("1.5", context))
    // ANCHOR: ex-1-5
    let client = context.client_info();
    let (name, version) = match &client {
        Some(client) => (client.name.as_str(), client.version.as_str()),
        None => ("unknown", "unknown"),
    };
    let era = match context.protocol_version() {
        Some(revision) if revision.has_initialize() => format!("legacy ({revision})"),
        Some(revision) => format!("modern ({revision})"),
        None => "unknown".to_owned(),
    };
    Ok(format!("client: {name}, version: {version}, era: {era}"))
    // ANCHOR_END: ex-1-5
}
