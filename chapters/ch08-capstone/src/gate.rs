//! What every request to the MCP endpoint passes, and how it is refused.

// Exercise 8.7-e begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-e ends.
