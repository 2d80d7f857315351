//! Checking an access token: a JWT as RFC 9068 describes it.

// Exercise 8.7-b begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-b ends.
