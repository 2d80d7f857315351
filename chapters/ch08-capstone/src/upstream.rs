//! What this server shows the tracker: a credential of its own.
//!
//! The token of a client is meant for this server. Passing it on would let whoever is behind it take part
//! in conversations that were never theirs, and hide from the tracker who is really calling.
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/security-considerations>

// Exercise 8.7-i begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-i ends.
