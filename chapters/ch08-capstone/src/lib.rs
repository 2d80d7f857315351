//! An MCP server for the project tracker of a company, written from `SPEC.md`.
//!
//! A request travels `http` (listener, router) → `origin` → `gate`, which asks `auth` who is calling,
//! `limits` whether there is room, and `scopes` whether that is allowed → the SDK → `server` (handler)
//! → a tool, a resource or a prompt → `upstream` (this server's own credential) → `tracker`. Over stdio it
//! begins at the SDK.

#![allow(
    missing_docs,
    reason = "`#[prompt]` writes a public function beside each prompt, without documentation"
)]

pub mod arguments;
pub mod ask;
pub mod audit;
pub mod auth;
pub mod board;
pub mod bounds;
pub mod command_line;
pub mod completing;
pub mod create;
pub mod cut;
pub mod environment;
pub mod errors;
pub mod gate;
pub mod guard;
pub mod held;
pub mod http;
pub mod import_tools;
pub mod limits;
pub mod listing;
pub mod logging;
pub mod metadata;
pub mod notices;
pub mod origin;
pub mod plan;
pub mod plan_tools;
pub mod progress;
pub mod reading;
pub mod schema;
pub mod scopes;
pub mod sealed;
pub mod search_tools;
pub mod secret;
pub mod serve;
pub mod server;
pub mod settings;
pub mod signals;
pub mod sprint;
pub mod task_tools;
pub mod tracker;
pub mod transport;
pub mod triage;
pub mod upstream;
pub mod uri;
