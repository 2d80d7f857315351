//! `import_tasks`: work that takes longer than a caller likes to wait.

// Exercise 8.4 begins. Hint: cargo xtask hint 8.4
// Exercise 8.4 ends.
