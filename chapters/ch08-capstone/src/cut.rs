//! Keeping results small: a long text goes in parts.

// Exercise 8.2-d begins. Hint: cargo xtask hint 8.2
// Exercise 8.2-d ends.
