//! What cells and sentences say, as far as a program can tell.

use crate::spec::parse::prose;
use crate::spec::words::{SIZED, TYPES};

/// What a type says about its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The type is not one that everybody reads in the same way.
    Unknown,
    /// So many values, each written down.
    OneOf(usize),
    /// Fields that have rows of their own.
    Object,
    /// Values with a size; whether it is the length of a text.
    Sized(bool),
    /// Values that need no limit.
    Plain,
}

/// Reads the cell of a type.
pub(super) fn kind(text: &str) -> Kind {
    if let Some(values) = text.strip_prefix("one of") {
        return Kind::OneOf(values.split('`').count() / 2);
    }
    if let Some(item) = text.strip_prefix("list of ") {
        let known = item.trim_end_matches('s');
        return match TYPES.contains(&known) || item.starts_with("one of") {
            true => Kind::Sized(known == "string"),
            false => Kind::Unknown,
        };
    }
    match text {
        "object" => Kind::Object,
        sized if SIZED.contains(&sized) => Kind::Sized(sized == "string"),
        plain if TYPES.contains(&plain) => Kind::Plain,
        _ => Kind::Unknown,
    }
}

/// How many numbers a text holds; `1,000` is one.
pub(super) fn numbers(text: &str) -> usize {
    let words = text.split(|sign: char| !(sign.is_ascii_digit() || sign == ','));
    words
        .filter(|word| word.contains(|sign: char| sign.is_ascii_digit()))
        .count()
}

/// The first of `words` that stands in the prose of a text as a word of its own.
pub(super) fn first_of<'a>(words: &[&'a str], text: &str) -> Option<&'a str> {
    let plain = prose(text).to_lowercase();
    let separate = |sign: char| !(sign.is_alphanumeric() || sign == '/' || sign == '-');
    let spaced: Vec<&str> = plain
        .split(separate)
        .filter(|word| !word.is_empty())
        .collect();
    let spaced = format!(" {} ", spaced.join(" "));
    words
        .iter()
        .find(|word| spaced.contains(&format!(" {word} ")))
        .copied()
}
