//! Reading: finds by its address what answers for a resource.

// Exercise 8.5-d begins. Hint: cargo xtask hint 8.5
// Exercise 8.5-d ends.
