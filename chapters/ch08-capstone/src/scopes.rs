//! What a token allows, and what a request needs.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling>

// Exercise 8.7-d begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-d ends.
