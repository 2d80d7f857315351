//! The issuer beside the servers.

use std::path::Path;

use anyhow::Result;
use verdict::IssuerAt;

use crate::cancel::{Cancel, Halt};
use crate::service::{self, Wanted};

/// Where people expect an issuer.
pub const PORT: u16 = 8189;

/// Runs an issuer as [`service::run`] does.
///
/// # Errors
/// Cancelled; no port is free; what `ready` returns.
pub fn run(
    checker: &Path,
    wanted: Wanted,
    cancel: &Cancel,
    ready: impl FnMut(&IssuerAt) -> Result<()>,
) -> Result<(), Halt> {
    service::run("issuer", checker, wanted, cancel, ready)
}
