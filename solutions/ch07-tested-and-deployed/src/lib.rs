//! An MCP server for the project tracker of a company, with everything it takes to trust it and to run it.
//!
//! A request travels `serve` (stdio), or `http` → `drain` → the SDK, then → `server` (handler) → `watch`
//! (span) → `tools`, `resources` or `prompts` → `tracker`. Its tests are in `tests/all/`, and `planted` tests
//! them.

#![allow(
    missing_docs,
    reason = "`#[prompt]` writes a public function beside each prompt, without documentation"
)]

pub mod command_line;
pub mod create;
pub mod drain;
pub mod due;
pub mod environment;
pub mod errors;
pub mod health;
pub mod http;
pub mod logging;
pub mod planted;
pub mod print_config;
pub mod prompts;
pub mod resources;
pub mod secret;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod title;
pub mod tools;
pub mod trace_context;
pub mod tracker;
pub mod transport;
pub mod watch;
