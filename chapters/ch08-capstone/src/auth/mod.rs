//! Who is calling: the token of a request, and whom it stands for.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization>

// Exercise 8.7 begins. Hint: cargo xtask hint 8.7
// Exercise 8.7 ends.
