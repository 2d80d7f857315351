//! An MCP server for the task board of a small team. The board is kept in memory.
//!
//! `server` holds the tools, `board` the rules of the board; `arguments` and `results` are what passes between them
//! and the client.

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
pub mod task;
pub mod validate;
