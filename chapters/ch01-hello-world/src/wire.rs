//! Requests of the modern era, written by hand.

/// Five messages, one a line, as a client would send them, each with an id of its own:
///
/// 1. a call of `greet`,
/// 2. the list of tools,
/// 3. a request that is refused with -32602, since its `_meta` lacks what every request must say,
/// 4. one that is refused with -32022, since it names a revision that the server does not speak,
/// 5. one that is refused with -32601, since there is no such method.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/index>
pub fn lines() -> Vec<String> {
    // Exercise 1.3 begins. Hint: cargo xtask hint 1.3
    Vec::new()
    // Exercise 1.3 ends.
}
