//! Help while a user fills in the arguments of a prompt.

// Exercise 8.6-d begins. Hint: cargo xtask hint 8.6
// Exercise 8.6-d ends.
