//! What arguments may be. A schema tells it to the model, and this holds callers to it.

// Exercise 8.2 begins. Hint: cargo xtask hint 8.2
// Exercise 8.2 ends.
