//! Wrong answers that a check must catch, and right ones that it must accept, as edits of a solution.
//!
//! `tests/near-misses/chNN.toml` holds them as data:
//!
//! ```toml
//! [[near_miss]]
//! check = "title-length"
//! name = "counts bytes"
//! edits = [{ file = "src/validate.rs", find = "title.chars().count()", replace = "title.len()" }]
//!
//! [[tolerated]]
//! exercise = "2.3"
//! name = "another wording"
//! edits = [{ file = "src/validate.rs", find = "title must have", replace = "the `title` needs" }]
//! ```
//!
//! An edit changes the solution's text as the chapter would have it: under the chapter's names,
//! without any marker. What it looks for must be there exactly once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::manifest::Chapter;

/// The files of a crate: path relative to its folder, and text.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// All edits of one chapter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMisses {
    /// Wrong answers, in the order of the file.
    #[serde(default, rename = "near_miss")]
    pub wrong: Vec<NearMiss>,
    /// Right answers that look different.
    #[serde(default)]
    pub tolerated: Vec<Tolerated>,
}

/// A wrong answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMiss {
    /// The check that must catch it.
    pub check: String,
    /// What is wrong about it.
    pub name: String,
    /// How it differs from the solution.
    pub edits: Vec<Edit>,
}

/// A right answer that a naive check would refuse.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerated {
    /// The exercise whose checks must all accept it.
    pub exercise: String,
    /// What is different about it.
    pub name: String,
    /// How it differs from the solution.
    pub edits: Vec<Edit>,
}

/// One replacement in one file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Relative to the crate's folder.
    pub file: PathBuf,
    /// Text that is there exactly once.
    pub find: String,
    /// What stands there instead.
    pub replace: String,
}

impl NearMisses {
    /// Where the edits of a chapter are.
    pub fn path(root: &Path, chapter: &Chapter) -> PathBuf {
        root.join("tests/near-misses")
            .join(format!("{}.toml", chapter.id))
    }

    /// Reads the edits of a chapter.
    ///
    /// # Errors
    /// The file is missing or is not as described above.
    pub fn load(root: &Path, chapter: &Chapter) -> Result<Self> {
        let path = Self::path(root, chapter);
        let text = fs::read_to_string(&path).with_context(|| {
            format!(
                "{} cannot be read; each check needs a near-miss",
                path.display()
            )
        })?;
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))
    }
}

/// The files with all `edits` made, one after the other.
///
/// # Errors
/// A file that is not there, and text that is there never or more than once.
pub fn edited(files: &Files, edits: &[Edit]) -> Result<Files> {
    ensure!(!edits.is_empty(), "there are no edits");
    let mut files = files.clone();
    for edit in edits {
        let shown = edit.file.display();
        let bytes = files
            .get_mut(&edit.file)
            .with_context(|| format!("the solution has no {shown}"))?;
        let text = std::str::from_utf8(bytes).with_context(|| format!("{shown} is not text"))?;
        match text.matches(&edit.find).count() {
            1 => *bytes = text.replacen(&edit.find, &edit.replace, 1).into_bytes(),
            0 => bail!("{shown} does not have\n{}", edit.find),
            times => bail!(
                "{shown} has this {times} times, so it says too little:\n{}",
                edit.find
            ),
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::from([("src/a.rs".into(), b"let a = 1;\nlet b = 1;\n".to_vec())])
    }

    fn edit(find: &str) -> Edit {
        Edit {
            file: "src/a.rs".into(),
            find: find.into(),
            replace: "x".into(),
        }
    }

    #[test]
    fn an_edit_replaces_what_is_there_once() {
        let changed =
            edited(&files(), &[edit("a = 1"), edit("b = 1")]).expect("both are there once");
        assert_eq!(changed[Path::new("src/a.rs")], b"let x;\nlet x;\n");
    }

    #[test]
    fn an_edit_that_no_longer_fits_is_an_error() {
        let gone = edited(&files(), &[edit("c = 1")]).expect_err("it is not there");
        assert_eq!(gone.to_string(), "src/a.rs does not have\nc = 1");
        let vague = edited(&files(), &[edit("= 1")]).expect_err("it is there twice");
        assert!(
            vague.to_string().starts_with("src/a.rs has this 2 times"),
            "{vague}"
        );
    }
}
