//! The board of a project as a text for people and models.

// Exercise 8.5-b begins. Hint: cargo xtask hint 8.5
// Exercise 8.5-b ends.
