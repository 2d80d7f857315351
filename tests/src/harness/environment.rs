//! What a server finds in its environment.

use std::ffi::OsString;

/// Where a server of one run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// The environment of the checker, without what would turn a verdict.
    Plain,
    /// The same, with the address and the token of a tracker of its own.
    WithTracker,
    /// The environment as it is: a person tries the server.
    ByHand,
}

/// Variables that would change what a server does or whom it reaches, and that a check must therefore set itself.
/// All that begin with `TRACKER_` belong to them.
const REMOVED: [&str; 17] = [
    "JOURNAL",
    "AUDIT_MS",
    "ATTEMPT_TIMEOUT_MS",
    "CALL_BUDGET_MS",
    "CONFIRM_TTL_MS",
    "HANDLE_TTL_MS",
    "RESULT_LIMIT",
    "STATE_KEY",
    "HANDBOOK_DIR",
    "PARTS_DIR",
    "PINNED_TASK",
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
