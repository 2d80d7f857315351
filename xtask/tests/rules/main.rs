//! The rules of the repository: one file, one rule, named as the rule.
//!
//! They look at the files as they are tracked, never at what a learner changed
//! below `chapters/`: nothing that a learner saves can break them.

mod chapters_are_self_contained;
mod dependency_sets_are_equal;
mod every_exercise_has_three_hints;
mod files_stay_small;
mod main_rs_is_short;
mod members_are_listed;
mod no_registry_host_is_named;
mod readme_shows_a_real_verdict;
mod shared_files_are_equal;
mod specifications_keep_their_word;
mod top_level_is_fixed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::manifest::Manifest;
use xtask::sources::files_below;

/// The checkout that these tests were built from.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask/ lies in the checkout")
        .to_owned()
}

fn manifest() -> Manifest {
    Manifest::load(&root()).expect("book/workbook.toml is right")
}

/// Every file that belongs to the project, relative to the checkout. Outside git (an unpacked
/// archive), every file but build output.
fn tracked_files() -> Vec<PathBuf> {
    let root = root();
    let git = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&root)
        .output();
    match git {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
            .filter(|path| root.join(path).is_file())
            .collect(),
        _ => files_below(&root).expect("the checkout can be read"),
    }
}

/// The text of a tracked file; nothing if it is not UTF-8.
fn text(path: &Path) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).expect("a tracked file can be read")).ok()
}

/// A tracked manifest, parsed.
fn cargo_toml(path: &Path) -> toml::Table {
    let text = text(path).expect("a manifest is text");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The manifests of the solutions: a chapter's manifest is made from its solution's.
fn solution_manifests() -> Vec<(PathBuf, toml::Table)> {
    manifest()
        .chapters
        .iter()
        .map(|chapter| {
            Path::new("solutions")
                .join(&chapter.name)
                .join("Cargo.toml")
        })
        .map(|path| {
            let table = cargo_toml(&path);
            (path, table)
        })
        .collect()
}
