//! Holds the issuer to its API page, `book/src/appendix/issuer.md`.
//!
//! Above each test stands what it holds, `// Holds: POST /token` or `// Holds: fault latency`; `page.rs` compares these lines
//! with the routes and the faults, so that none is without a test.

mod admin;
mod by_hand;
mod code_flow;
mod consent;
mod documents;
mod faults;
mod hostile_tokens;
mod keys;
mod life;
mod machines;
mod metadata;
mod page;
mod refresh;
mod sites;
mod support;
