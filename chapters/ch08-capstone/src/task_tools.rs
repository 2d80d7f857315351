//! The tools that change one task.

// Exercise 8.3-b begins. Hint: cargo xtask hint 8.3
// Exercise 8.3-b ends.
