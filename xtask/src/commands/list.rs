//! `cargo xtask list`.

use anyhow::Result;
use xtask::exit::{Exit, Stop};
use xtask::paths::Workbook;

use super::Args;

/// Runs the command.
pub(crate) fn run(_workbook: &Workbook, _args: Args) -> Result<Exit> {
    Err(Stop::fault("`cargo xtask list` is not there yet."))
}
