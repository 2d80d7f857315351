//! The checks of the workbook's exercises.
//!
//! A check starts an MCP server as a process, speaks JSON-RPC with it over pipes, and says in the
//! protocol's words what is wrong. It does not use the SDK that the servers are written with.
//!
//! - [`harness`]: starting servers, speaking with them, judging what they answer.
//! - [`checks`]: the checks themselves, one module an exercise.
//! - [`foreign`]: a small server without any SDK, which the checks and their tests use.

pub mod checks;
pub mod foreign;
pub mod harness;
