//! What a server finds in its environment.

use std::ffi::OsString;

/// Where a server of one run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// The environment of the checker, without what would turn a verdict.
    Plain,
    /// The same, with the address and the token of a tracker of its own.
    WithTracker,
    /// The same, and the tracker accepts every token: the check looks at which one arrives.
    WithOpenTracker,
    /// The environment as it is: a person tries the server.
    ByHand,
}

impl Surroundings {
    /// Whether a tracker belongs to them.
    pub(super) fn has_tracker(self) -> bool {
        matches!(self, Self::WithTracker | Self::WithOpenTracker)
    }
}

/// Variables that would change what a server does or whom it reaches, and that a check must therefore set itself.
/// All that begin with `TRACKER_` belong to them.
const REMOVED: [&str; 34] = [
    "JOURNAL",
    "AUDIT_MS",
    "ATTEMPT_TIMEOUT_MS",
    "CALL_BUDGET_MS",
    "IMPORT_BUDGET_MS",
    "CONFIRM_TTL_MS",
    "HANDLE_TTL_MS",
    "RESULT_LIMIT",
    "STATE_KEY",
    "STATE_KEY_FILE",
    "MCP_LISTEN",
    "RESOURCE_URL",
    "ALLOWED_HOSTS",
    "ALLOWED_ORIGINS",
    "ISSUER_URL",
    "STATIC_TOKENS",
    "JWKS_TTL_MS",
    "RATE_LIMIT",
    "CONCURRENCY_LIMIT",
    "BODY_LIMIT",
    "BODY_TIMEOUT_MS",
    "FETCH_HOSTS",
    "FETCH_ALLOW",
    "HANDBOOK_DIR",
    "PARTS_DIR",
    "PINNED_TASK",
    "DRAIN_LIMIT_MS",
    "PLANTED_FAULT",
    "RUST_LOG",
    "NO_COLOR",
    // A proxy would be asked for the tracker, which it cannot reach.
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Changes to the environment of this program: set, or removed if there is no value.
pub(super) fn changes(surroundings: Surroundings) -> Vec<(OsString, Option<OsString>)> {
    if surroundings == Surroundings::ByHand {
        return Vec::new();
    }
    let of_trackers = std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.as_encoded_bytes().starts_with(b"TRACKER_"));
    let mut changes: Vec<_> = of_trackers
        .chain(REMOVED.map(OsString::from))
        .map(|name| (name, None))
        .collect();
    // A verdict quotes the message of a panic, not the stack.
    changes.push(("RUST_BACKTRACE".into(), Some("0".into())));
    changes
}
