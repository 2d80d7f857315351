//! Days on which tasks are due.

use crate::planted::planted;

/// Why a text is no day. A model reads this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`due` must be a day that exists, written as YYYY-MM-DD, such as 2026-05-31.")]
pub struct NoDay;

/// Looks whether a text names a day of the calendar, as YYYY-MM-DD.
///
/// # Errors
/// It does not.
pub fn check(text: &str) -> Result<(), NoDay> {
    let is_digit = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(is_digit) {
        return Err(NoDay);
    }
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| NoDay);
    let (year, month, day) = (
        number(&text[..4])?,
        number(&text[5..7])?,
        number(&text[8..])?,
    );
    match (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day) {
        true => Ok(()),
        false => Err(NoDay),
    }
}

/// How many days a month has.
fn days_of(year: u32, month: u32) -> u32 {
    if planted(2) {
        return 31;
    }
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}
