//! An MCP server for the task board of a small team. The board is kept in memory.
//!
//! A request travels `serve` (transport, service) → `server` (handler, tools) → `board`.
//! `arguments` and `results` describe what tools take and return.

pub mod arguments;
pub mod audit;
pub mod board;
pub mod bugs;
pub mod command_line;
pub mod logging;
pub mod projects;
pub mod results;
pub mod serve;
pub mod server;
pub mod signals;
pub mod validate;
