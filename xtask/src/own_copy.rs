//! A chapter as the start of a server of one's own.
//!
//! The copy stands alone: its own name, no markers, its own workspace, profile and lock file.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::manifest::Chapter;
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::rewrite::{without_markers, write_whole};
use crate::sources::{Contents, Sources, files_below};

mod name;
mod readme;

pub use name::{dependencies, name_problem};

/// Where the files of the copy come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The learner's chapter as it stands.
    Chapter,
    /// The reference solution.
    Solution,
}

/// A copy that is ready to be written.
#[derive(Debug, Clone)]
pub struct OwnCopy {
    /// Relative to the new crate's folder.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Exercises whose every region still is what the chapter came with.
    pub unwritten: Vec<String>,
}

/// `path` as an absolute one without `..`; what exists of it is followed through links.
///
/// # Errors
/// The current folder is not known.
pub fn absolute(path: &Path) -> Result<PathBuf> {
    let mut whole = std::env::current_dir().context("the current folder cannot be read")?;
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
        whole = whole.canonicalize().unwrap_or(whole);
    }
    Ok(whole)
}

/// Why the copy cannot go to `destination` (absolute), and what to do; none if it can.
pub fn destination_problem(workbook: &Workbook, destination: &Path) -> Option<String> {
    let root = workbook
        .root
        .canonicalize()
        .unwrap_or_else(|_| workbook.root.clone());
    if destination.starts_with(&root) {
        return Some(format!(
            "{} is inside the workbook. A crate of your own goes outside: \
             cargo would take it for a part of this workspace, and so would the checks.\n\
             Name a folder beside it, such as ../my-server.",
            destination.display()
        ));
    }
    if destination.is_file() {
        return Some(format!(
            "{} is a file. Name a folder that does not exist yet.",
            destination.display()
        ));
    }
    let holds_something =
        fs::read_dir(destination).is_ok_and(|mut entries| entries.next().is_some());
    holds_something.then(|| {
        format!(
            "{} is there already and is not empty. Nothing is ever written over: name a folder that does not exist yet.",
            destination.display()
        )
    })
}

/// Collects the files of the copy; nothing is written.
///
/// # Errors
/// A file that cannot be read, or a manifest that is not TOML.
pub fn collect(
    workbook: &Workbook,
    chapter: &Chapter,
    origin: Origin,
    name: &str,
    destination: &Path,
) -> Result<OwnCopy> {
    let sources = Sources::read(&workbook.root, chapter)?;
    let originals = match origin {
        Origin::Solution => sources
            .solution_files()
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .collect(),
        Origin::Chapter => chapter_files(workbook, chapter, &sources)?,
    };
    let mut files = Vec::new();
    for (path, bytes) in originals {
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => renamed(&text, chapter, name).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        files.push((path, bytes));
    }
    let manifest = files
        .iter_mut()
        .find(|(path, _)| path == Path::new("Cargo.toml"));
    let (_, manifest) = manifest.with_context(|| {
        format!(
            "chapters/{} has no Cargo.toml; `cargo xtask doctor` puts it back",
            chapter.name
        )
    })?;
    let text = std::str::from_utf8(manifest).context("Cargo.toml is not UTF-8")?;
    *manifest = standing_alone(text, &sources)?.into_bytes();

    let unwritten = match origin {
        Origin::Solution => Vec::new(),
        Origin::Chapter => unwritten(workbook, chapter, &sources),
    };
    let readme = readme::text(&readme::About {
        name,
        chapter,
        origin,
        unwritten: &unwritten,
        destination,
        files: &files,
    })?;
    add_unless_there(&mut files, "README.md", readme);
    add_unless_there(&mut files, ".gitignore", "/target\n".to_owned());
    if let Ok(lock) = fs::read(workbook.root.join("Cargo.lock")) {
        files.push(("Cargo.lock".into(), lock));
    }
    Ok(OwnCopy { files, unwritten })
}

/// Writes the copy below `folder`.
///
/// # Errors
/// Names the file that cannot be written.
pub fn write(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<()> {
    for (path, bytes) in files {
        write_whole(&folder.join(path), bytes)?;
    }
    Ok(())
}

fn chapter_files(
    workbook: &Workbook,
    chapter: &Chapter,
    sources: &Sources,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let markers: Vec<String> = sources
        .regions()
        .flat_map(|(_, region)| [region.begin_marker(), region.end_marker()])
        .collect();
    let folder = chapter.folder(&workbook.root);
    ensure!(
        folder.is_dir(),
        "chapters/{} is not there; `cargo xtask reset {}` puts it back as it came",
        chapter.name,
        chapter.id
    );
    let mut files = Vec::new();
    for path in files_below(&folder)? {
        let whole = folder.join(&path);
        let bytes =
            fs::read(&whole).with_context(|| format!("{} cannot be read", whole.display()))?;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => without_markers(&text, &markers).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        files.push((path, bytes));
    }
    Ok(files)
}

/// The chapter's package and library under the new name, wherever they stand as whole words.
fn renamed(text: &str, chapter: &Chapter, name: &str) -> String {
    let library = |name: &str| name.replace('-', "_");
    let text = replace_word(text, &chapter.name, name);
    replace_word(&text, &library(&chapter.name), &library(name))
}

fn replace_word(text: &str, word: &str, with: &str) -> String {
    let part_of_a_name = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let mut new = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = &found[word.len()..];
        new.push_str(before);
        let whole = !before.ends_with(part_of_a_name) && !after.starts_with(part_of_a_name);
        new.push_str(if whole { with } else { word });
        rest = after;
    }
    new.push_str(rest);
    new
}

/// The manifest of a crate that belongs to no other workspace.
fn standing_alone(manifest: &str, sources: &Sources) -> Result<String> {
    let table: toml::Table = toml::from_str(manifest)
        .context("the chapter's Cargo.toml is not TOML; `cargo xtask doctor` repairs it")?;
    // The chapter's opening remark is about the workbook and untrue of a crate of one's own.
    let remark = match sources
        .file(Path::new("Cargo.toml"))
        .map(|file| &file.contents)
    {
        Some(Contents::Text(text)) => opening_remark(&text.plain_text(|_| Fill::Solved)),
        _ => String::new(),
    };
    let mut text = manifest
        .strip_prefix(remark.as_str())
        .unwrap_or(manifest)
        .trim_end()
        .to_owned();
    if !table.contains_key("workspace") {
        text.push_str(
            "\n\n# This crate is a workspace of its own, wherever its folder lies.\n[workspace]",
        );
    }
    if !table.contains_key("profile") {
        text.push_str(
            "\n\n[profile.dev]\n\
             # Builds after a change are several times as fast as with full debug information; panics keep file and line.\n\
             debug = \"line-tables-only\"",
        );
    }
    text.push('\n');
    Ok(text)
}

/// The comment lines at the top of a manifest.
fn opening_remark(manifest: &str) -> String {
    manifest
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'))
        .collect()
}

fn unwritten(workbook: &Workbook, chapter: &Chapter, sources: &Sources) -> Vec<String> {
    let places = sources.places(&chapter.folder(&workbook.root), None);
    chapter
        .exercises
        .iter()
        .filter(|exercise| {
            places
                .iter()
                .filter(|place| place.region.exercise == exercise.id)
                .all(|place| place.is_untouched())
        })
        .map(|exercise| exercise.id.clone())
        .collect()
}

fn add_unless_there(files: &mut Vec<(PathBuf, Vec<u8>)>, name: &str, text: String) {
    if files.iter().all(|(path, _)| path != Path::new(name)) {
        files.push((name.into(), text.into_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        assert_eq!(
            replace_word("ch02-x ch02-x-more \"ch02-x\" /ch02-x/", "ch02-x", "mine"),
            "mine ch02-x-more \"mine\" /mine/"
        );
    }
}
