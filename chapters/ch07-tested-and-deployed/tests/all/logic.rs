//! 7.1: the rules for titles and days, without a server around them.

// Exercise 7.1 begins. Hint: cargo xtask hint 7.1
use ch07_tested_and_deployed::{due, title};

#[test]
fn a_short_title_is_accepted() {
    assert!(title::check("Draw the map").is_ok());
}

#[test]
fn a_day_is_accepted() {
    assert!(due::check("2026-05-31").is_ok());
}
// Exercise 7.1 ends.
