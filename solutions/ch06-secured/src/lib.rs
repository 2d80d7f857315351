//! An MCP server for the project tracker of a company, over HTTP and for more than one user.
//!
//! A request travels `http` (listener, router) → `origin` → `gate`, which asks `auth` who is calling,
//! `limits` whether there is room, and `scopes` whether that is allowed → the SDK → `server` (handler)
//! → one of the tools → `upstream` (this server's own credential) → `tracker`.

pub mod ask;
pub mod attachment;
pub mod audit;
pub mod auth;
pub mod command_line;
pub mod draft_tools;
pub mod environment;
pub mod errors;
pub mod fetch;
pub mod gate;
pub mod held;
pub mod http;
pub mod limits;
pub mod logging;
pub mod metadata;
pub mod not_yet;
pub mod origin;
pub mod project_tools;
pub mod resources;
pub mod scopes;
pub mod sealed;
pub mod secret;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod task_tools;
pub mod tracker;
pub mod transport;
pub mod upstream;
