//! What the server lists, page by page.

// Exercise 8.5-c begins. Hint: cargo xtask hint 8.5
// Exercise 8.5-c ends.
