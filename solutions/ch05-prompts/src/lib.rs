//! An MCP server that gives out prompts for the work with a project tracker.
//!
//! A request travels `serve` (transport, service) → `server` (handler) → one of the prompts (`status`,
//! `write_task`, `sprint`, `review`, `triage`) → `tracker` (client of the service). `completing` helps
//! while a user fills in the arguments, `resources` reads what a prompt links to.

#![allow(
    missing_docs,
    reason = "`#[prompt]` writes a public function beside each prompt, without documentation"
)]

pub mod arguments;
pub mod command_line;
pub mod completing;
pub mod compose;
pub mod errors;
pub mod logging;
pub mod parts;
pub mod resources;
pub mod review;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod sprint;
pub mod status;
pub mod tracker;
pub mod triage;
pub mod uri;
pub mod write_task;
