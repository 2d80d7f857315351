//! Which web pages may call, and under which names this server is called.

// Exercise 8.1-c begins. Hint: cargo xtask hint 8.1
// Exercise 8.1-c ends.
