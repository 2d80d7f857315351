//! Titles of tasks: what is accepted as one, and a type for what was accepted.

use serde::Serialize;

use crate::planted::planted;

/// The longest title, in characters.
pub const LONGEST: usize = 200;

/// Why a text is no title. A model reads this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`title` must have 1 to {LONGEST} characters, not all of them blank; this one has {length}."
)]
pub struct NoTitle {
    length: usize,
}

/// Looks whether a text can be a title: 1 to 200 characters, in whatever script, not all of them blank.
///
/// # Errors
/// It cannot.
pub fn check(text: &str) -> Result<(), NoTitle> {
    let length = match planted(1) {
        true => text.len(),
        false => text.chars().count(),
    };
    match text.trim().is_empty() || length > LONGEST {
        true => Err(NoTitle { length }),
        false => Ok(()),
    }
}

// Exercise 7.6 begins. Hint: cargo xtask hint 7.6
/// The title of a task. Make one with [`Title::parse`], please.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Title(pub String);

impl Title {
    /// Makes a title of a text.
    ///
    /// # Errors
    /// As [`check`] says.
    pub fn parse(text: &str) -> Result<Self, NoTitle> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
// Exercise 7.6 ends.
