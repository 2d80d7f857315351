//! The arguments of prompts. On the wire each is a string, and a client whose form was left blank may
//! send an empty one.

// Exercise 8.6 begins. Hint: cargo xtask hint 8.6
// Exercise 8.6 ends.
