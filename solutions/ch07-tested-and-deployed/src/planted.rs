//! Faults on demand, so that tests can be tested: `PLANTED_FAULT` switches one on for a whole process.
//!
//! A test that stays green whatever the server does proves nothing. Each number stands for one `if` somewhere
//! in this crate. Look for `planted(` if you give up; it is better to write the test first.

use std::sync::OnceLock;

/// Whether this process has the fault `number`. The environment is read once.
pub fn planted(number: u8) -> bool {
    static CHOSEN: OnceLock<Option<u8>> = OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| std::env::var("PLANTED_FAULT").ok()?.parse().ok());
    *chosen == Some(number)
}
