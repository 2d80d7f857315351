//! The tests of this server, one module an exercise. `cargo test` runs them, `cargo xtask check ch07` judges
//! them: green on this server, and red on the same server with a fault.

mod client;
mod fuzz;
mod impossible;
mod logic;
mod process;
mod schema;
mod support;
mod upstream;

#[path = "../../fuzz/properties.rs"]
mod properties;
