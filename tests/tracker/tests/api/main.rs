//! Holds the tracker to its API page, `book/src/appendix/tracker.md`.
//!
//! Above each test stands what it holds, `// Holds: GET /tasks` or `// Holds: fault latency`; `page.rs` compares these lines with
//! the routes and the faults, so that none is without a test.

mod access;
mod attachments;
mod by_hand;
mod changes;
mod faults;
mod imports;
mod life;
mod page;
mod projects;
mod seed;
mod support;
mod task_rules;
mod tasks;
