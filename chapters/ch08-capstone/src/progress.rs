//! Telling the client how far a long call is.

// Exercise 8.4-b begins. Hint: cargo xtask hint 8.4
// Exercise 8.4-b ends.
