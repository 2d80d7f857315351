//! Where the workbook is on this machine.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folders that every command works with.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The checkout: the folder that holds `book/workbook.toml`.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

impl Workbook {
    /// Finds the checkout from the current folder upwards, so that commands work in sub-folders.
    ///
    /// # Errors
    /// Says what to do when no folder above holds `book/workbook.toml`.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let Some(root) = here
            .ancestors()
            .find(|folder| folder.join(MANIFEST).is_file())
        else {
            bail!(
                "{} is not inside a checkout of the workbook (no folder above it has {MANIFEST}).\n\
                 Change into the folder you cloned and try again.",
                here.display()
            );
        };
        Ok(Self::at(root.to_owned()))
    }

    /// The checkout in `root`, an absolute path.
    pub fn at(root: PathBuf) -> Self {
        let target = target_folder(&root);
        Self { root, target }
    }

    /// The manifest of the workbook.
    pub fn manifest(&self) -> PathBuf {
        self.root.join(MANIFEST)
    }

    /// Where learner's builds and the checker go: a folder of their own, so that no editor holds its lock.
    pub fn build_target(&self) -> PathBuf {
        self.target.join("workbook")
    }

    /// Recorded results of the learner.
    pub fn progress(&self) -> PathBuf {
        self.root.join("chapters/.progress.json")
    }

    /// Copies of what `reset` and `generate` replaced.
    pub fn undo(&self) -> PathBuf {
        self.root.join("chapters/.undo")
    }

    /// `path` as the reader knows it: relative to the checkout where it lies inside.
    pub fn shown(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.root).unwrap_or(path);
        shown.display().to_string().replace('\\', "/")
    }
}

const MANIFEST: &str = "book/workbook.toml";

/// `CARGO_TARGET_DIR` if it is set, else the folder this program was built into, else `target`.
fn target_folder(root: &Path) -> PathBuf {
    if let Some(folder) = env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        return root.join(folder);
    }
    // <target>/debug/xtask (or workbook): true for `cargo run` and for a program started by hand, whatever the configuration says.
    let built_into = env::current_exe().ok().and_then(|program| {
        let profile = program.parent()?;
        let target = profile.parent()?;
        target
            .join("CACHEDIR.TAG")
            .is_file()
            .then(|| target.to_owned())
    });
    built_into.unwrap_or_else(|| root.join("target"))
}
