//! A first MCP server: one client, over standard input and output, in both eras of the protocol.
//!
//! A request travels `serve` (transport, service) → `server` (handler, tools) → `greeting`.

pub mod caller;
pub mod command_line;
pub mod greeting;
pub mod journal;
pub mod lifecycle;
pub mod logging;
pub mod not_yet;
pub mod serve;
pub mod server;
pub mod signals;
pub mod wire;
