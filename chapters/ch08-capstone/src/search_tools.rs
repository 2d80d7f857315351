//! The tools that look around: projects, tasks by a filter, one task.

// Exercise 8.2-b begins. Hint: cargo xtask hint 8.2
// Exercise 8.2-b ends.
