//! `triage`: what to do with a task. Most of the prompt was written by strangers.

// Exercise 8.6-c begins. Hint: cargo xtask hint 8.6
// Exercise 8.6-c ends.
