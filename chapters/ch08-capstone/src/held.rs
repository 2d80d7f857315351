//! A reply that holds something until it has been sent.

// Exercise 8.7-g begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-g ends.
