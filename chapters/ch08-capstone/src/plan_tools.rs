//! Planning milestones, and applying a plan. A plan is kept by nobody: it is its handle.

// Exercise 8.3-d begins. Hint: cargo xtask hint 8.3
// Exercise 8.3-d ends.
