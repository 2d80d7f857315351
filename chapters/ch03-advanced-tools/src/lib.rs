//! An MCP server for the project tracker of a company.
//!
//! A request travels `serve` (transport, service) → `server` (handler) → `guard` → one of the tools
//! → `tracker` (client of the service). `errors` turns what goes wrong there into a reply.

pub mod ask;
pub mod command_line;
pub mod create;
pub mod cut;
pub mod draft_tools;
pub mod drafts;
pub mod errors;
pub mod guard;
pub mod import;
pub mod logging;
pub mod not_yet;
pub mod progress;
pub mod resources;
pub mod schema;
pub mod search;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod tasks;
pub mod tracker;
pub mod uri;
pub mod velocity;
