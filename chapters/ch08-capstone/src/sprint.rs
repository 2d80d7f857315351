//! `sprint_plan`: what the team takes on next. The prompt brings what the decision needs.

// Exercise 8.6-b begins. Hint: cargo xtask hint 8.6
// Exercise 8.6-b ends.
