//! Making a task, as often as it takes and once.

// Exercise 8.3 begins. Hint: cargo xtask hint 8.3
// Exercise 8.3 ends.
