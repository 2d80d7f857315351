//! Asking the user before something is lost, in both eras. Chapter 3 of the book explains how.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation>

// Exercise 8.4-c begins. Hint: cargo xtask hint 8.4
// Exercise 8.4-c ends.
