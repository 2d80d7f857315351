//! The keys of an authorization server, fetched when they are needed and kept for a while.

// Exercise 8.7-c begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-c ends.
