//! What arguments may be. A schema tells it to the model, and this holds callers to it.

// ANCHOR: ex-8-2
use std::ops::RangeInclusive;

use crate::errors::Failure;

/// So many characters an id may have.
pub const ID: RangeInclusive<usize> = 1..=200;

/// The length of a text in Unicode scalar values.
///
/// # Errors
/// It is too short or too long.
pub fn characters(name: &str, text: &str, allowed: RangeInclusive<usize>) -> Result<(), Failure> {
    let length = text.chars().count();
    within(name, "characters", length, allowed)
}

/// The same for a text that may be left out.
///
/// # Errors
/// It is there, and too short or too long.
pub fn optional(
    name: &str,
    text: Option<&str>,
    allowed: RangeInclusive<usize>,
) -> Result<(), Failure> {
    text.map_or(Ok(()), |text| characters(name, text, allowed))
}

/// The length of a text in bytes.
///
/// # Errors
/// It is too long.
pub fn bytes(name: &str, text: Option<&str>, most: usize) -> Result<(), Failure> {
    let length = text.map_or(0, str::len);
    within(name, "bytes", length, 0..=most)
}

/// A number, as what it is used as.
///
/// # Errors
/// It is too small or too large.
pub fn number<T: TryFrom<i64>>(
    name: &str,
    value: i64,
    allowed: RangeInclusive<i64>,
) -> Result<T, Failure> {
    let (least, most) = (*allowed.start(), *allowed.end());
    let refused = || Failure::tool(format!("{name} must be {least} to {most}, got {value}."));
    match allowed.contains(&value) {
        true => T::try_from(value).map_err(|_| refused()),
        false => Err(refused()),
    }
}

/// The key of a request: letters, digits, `-` and `_`.
///
/// # Errors
/// It is too short or too long, or holds anything else.
pub fn request_key(key: &str) -> Result<(), Failure> {
    characters("request_key", key, 8..=64)?;
    let allowed = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    match key.chars().all(allowed) {
        true => Ok(()),
        false => Err(Failure::tool(
            "request_key must be made of A-Z, a-z, 0-9, - and _.",
        )),
    }
}

fn within(
    name: &str,
    unit: &str,
    length: usize,
    allowed: RangeInclusive<usize>,
) -> Result<(), Failure> {
    let (least, most) = (allowed.start(), allowed.end());
    match allowed.contains(&length) {
        true => Ok(()),
        false => Err(Failure::tool(format!(
            "{name} must have {least} to {most} {unit}, got {length}."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(characters("title", &"ä".repeat(200), 1..=200).is_ok());
        assert!(characters("title", &"ä".repeat(201), 1..=200).is_err());
        assert!(bytes("description", Some("ää"), 4).is_ok());
        assert!(bytes("description", Some("äää"), 4).is_err());
    }

    #[test]
    fn numbers_keep_to_both_ends() {
        assert_eq!(number::<u32>("limit", 100, 1..=100).ok(), Some(100));
        for value in [i64::MIN, -1, 0, 101] {
            assert!(number::<u32>("limit", value, 1..=100).is_err(), "{value}");
        }
    }

    #[test]
    fn a_key_is_plain() {
        assert!(request_key("nightly-0504").is_ok());
        for key in ["short", "with blank", "ümlaut-key", &"k".repeat(65)] {
            assert!(request_key(key).is_err(), "{key}");
        }
    }
}
// ANCHOR_END: ex-8-2
