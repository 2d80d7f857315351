//! The tools about projects, in a router block of their own.

// Exercise 2.1 begins. Hint: cargo xtask hint 2.1
// Exercise 2.1 ends.
