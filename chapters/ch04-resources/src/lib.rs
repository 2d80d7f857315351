//! An MCP server that gives out what a project tracker holds, as resources.
//!
//! A request travels `serve` (transport, service) → `server` (handler) → `listing` or `resources`, which
//! find the way by the address (`uri`) → one of the sources (`text`, `binary`, `report`, `handbook`) →
//! `tracker` (client of the service). `feed` watches the tracker; `listening` tells modern clients what
//! has changed, `subscribing` tells legacy ones.

pub mod binary;
pub mod board;
pub mod command_line;
pub mod errors;
pub mod feed;
pub mod handbook;
pub mod listening;
pub mod listing;
pub mod logging;
pub mod not_yet;
pub mod report;
pub mod resources;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod subscribing;
pub mod text;
pub mod tracker;
pub mod uri;
