//! Small programs that must not compile. Each stands in `cases/`, named by its mistake, beside the text
//! with which the compiler refused it; the book shows both.
//!
//! The first line of a case says what the refusal must contain: `//~ E0277 IntoToolRoute`, or
//! `//~ error future cannot be sent` where the compiler gives no code. Below it, a comment says why.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A program that must not compile, and how to tell that it was refused for the right reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The file's name without its end, such as `missing-json-schema`.
    pub name: String,
    /// The source file.
    pub path: PathBuf,
    /// The compiler's error code, where it gives one.
    pub code: Option<String>,
    /// Words that the same error must contain.
    pub text: String,
}

/// Every case, by name.
///
/// # Errors
/// The folder cannot be read, or a case does not begin with what its refusal must contain.
pub fn cases() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "rs") {
            cases.push(read(&path)?);
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

/// The folder of the cases.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn read(path: &Path) -> io::Result<Case> {
    let source = fs::read_to_string(path)?;
    let first = source.lines().next().unwrap_or_default();
    let (code, text) = first
        .strip_prefix("//~ ")
        .and_then(|rest| rest.split_once(' '))
        .ok_or_else(|| {
            io::Error::other(format!(
                "{}: the first line must be `//~ E0277 words of the message`, or `//~ error words` without a code",
                path.display()
            ))
        })?;
    Ok(Case {
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        path: path.to_owned(),
        code: (code != "error").then(|| code.to_owned()),
        text: text.trim().to_owned(),
    })
}
