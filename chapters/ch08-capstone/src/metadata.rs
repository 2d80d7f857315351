//! Where a client gets a token: the metadata of this server, and the challenge that points at it.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery>

// Exercise 8.7-h begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-h ends.
