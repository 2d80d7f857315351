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

// STARTER 7.6: /// The title of a task. Make one with [`Title::parse`], please.
// STARTER 7.6: #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
// STARTER 7.6: pub struct Title(pub String);
// STARTER 7.6:
// STARTER 7.6: impl Title {
// STARTER 7.6:     /// Makes a title of a text.
// STARTER 7.6:     ///
// STARTER 7.6:     /// # Errors
// STARTER 7.6:     /// As [`check`] says.
// STARTER 7.6:     pub fn parse(text: &str) -> Result<Self, NoTitle> {
// STARTER 7.6:         check(text)?;
// STARTER 7.6:         Ok(Self(text.to_owned()))
// STARTER 7.6:     }
// STARTER 7.6:
// STARTER 7.6:     /// The text.
// STARTER 7.6:     pub fn as_str(&self) -> &str {
// STARTER 7.6:         &self.0
// STARTER 7.6:     }
// STARTER 7.6: }
// ANCHOR: ex-7-6
/// The title of a task. Whoever has one knows that [`check`] has accepted it: there is no other way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Title(String);

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
// ANCHOR_END: ex-7-6
