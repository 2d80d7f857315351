//! The audit trail: who has changed what, and who was refused. One line of JSON each, on standard error.
//!
//! It is no log: `RUST_LOG` does not turn it off, and no text that a caller sends can make a line of its own.

// Exercise 8.7-j begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-j ends.
