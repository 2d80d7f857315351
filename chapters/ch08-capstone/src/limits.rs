//! How much one caller may take: requests a second, requests at once, bytes and time.

// Exercise 8.7-f begins. Hint: cargo xtask hint 8.7
// Exercise 8.7-f ends.
