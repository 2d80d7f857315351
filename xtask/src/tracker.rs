//! The tracker beside the servers.

use std::path::Path;

use anyhow::Result;
use verdict::TrackerAt;

use crate::cancel::{Cancel, Halt};
use crate::service::{self, Wanted};

/// Where servers look for a tracker if nobody tells them.
pub const PORT: u16 = 8089;

/// What the tracker of the workbook takes as a token. Up to chapter 5 servers show it if nobody tells them another.
pub const TOKEN: &str = "tracker-dev-token";

/// Whether servers find this tracker without being told its address.
pub fn is_default(tracker: &TrackerAt) -> bool {
    tracker.url == format!("http://127.0.0.1:{PORT}")
}

/// Runs a tracker as [`service::run`] does.
///
/// # Errors
/// Cancelled; no port is free; what `ready` returns.
pub fn run(
    checker: &Path,
    wanted: Wanted,
    cancel: &Cancel,
    ready: impl FnMut(&TrackerAt) -> Result<()>,
) -> Result<(), Halt> {
    service::run("tracker", checker, wanted, cancel, ready)
}
