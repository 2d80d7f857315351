//! What stands around every call of a tool.

// Exercise 8.1-d begins. Hint: cargo xtask hint 8.1
// Exercise 8.1-d ends.
