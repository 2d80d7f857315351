//! `cargo xtask`: the workbook's commands.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main().into()
}
