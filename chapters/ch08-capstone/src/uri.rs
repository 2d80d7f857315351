//! The addresses of what the tracker holds: one type for all of them, written and read in one place.

// Exercise 8.5 begins. Hint: cargo xtask hint 8.5
// Exercise 8.5 ends.
