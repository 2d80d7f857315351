//! How a call fails: what the model is told when it did not get what it asked for.

// Exercise 8.2-c begins. Hint: cargo xtask hint 8.2
// Exercise 8.2-c ends.
