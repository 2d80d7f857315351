//! Telling clients that something has changed, in both eras. Each listener asks the tracker by itself:
//! whoever reads slowly holds up nobody else.

// Exercise 8.5-e begins. Hint: cargo xtask hint 8.5
// Exercise 8.5-e ends.
