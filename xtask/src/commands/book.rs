//! `cargo xtask book`.

use anyhow::Result;
use xtask::exit::{Exit, Stop};
use xtask::paths::Workbook;

use super::Args;

/// Runs the command.
pub(crate) fn run(_workbook: &Workbook, _args: Args) -> Result<Exit> {
    Err(Stop::fault("`cargo xtask book` is not there yet."))
}

/// `cargo xtask serve`.
pub(crate) fn serve(_workbook: &Workbook, _args: Args) -> Result<Exit> {
    Err(Stop::fault("`cargo xtask serve` is not there yet."))
}
