//! A crate that is changed and built over and over, to prove the checks.
//!
//! It stands outside the workspace, with the workspace's profile and lock file, so that every dependency is
//! built once for all of them. Its name is the chapter's and a suffix: a learner's build of the chapter in
//! the same target folder is another program, and so is that of another such crate.

use std::fs::{self, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::manifest::Chapter;
use crate::near_misses::Files;
use crate::paths::Workbook;
use crate::regions::{Fill, Region};
use crate::rewrite::write_whole;
use crate::sources::{Sources, files_below};

/// Words about a scratch crate, as if they were about the chapter.
pub fn unscratched(text: &str) -> String {
    let suffixes =
        (0..PLACES).flat_map(|place| ["-", "_"].map(|sign| format!("{sign}{}", suffix(place))));
    suffixes.fold(text.to_owned(), |text, suffix| text.replace(&suffix, ""))
}

/// What the name of the crate at this place has more than the chapter's.
fn suffix(place: usize) -> String {
    format!("scratch{place}")
}

/// So many such crates a chapter has: one is built, since cargo builds one at a time, while the checks of the
/// others mostly wait for their servers.
pub const PLACES: usize = 3;

/// One crate on disk.
#[derive(Debug)]
pub struct Scratch {
    /// The crate's folder.
    pub folder: PathBuf,
    /// The chapter's package.
    package: String,
    /// What its name has more.
    suffix: String,
    /// What every manifest gets in addition: its own workspace, and the profiles of ours.
    alone: String,
    /// Locked as long as this lives: two who change one crate would each prove what the other wrote.
    _lock: fs::File,
}

impl Scratch {
    /// A crate for the variants of `chapter`, at one of [`PLACES`]. What an earlier run left there is used again.
    ///
    /// # Errors
    /// The workspace's manifest or lock file cannot be read, the crate's folder cannot be written, or somebody
    /// else works in it.
    pub fn new(workbook: &Workbook, chapter: &Chapter, place: usize) -> Result<Self> {
        let scratch = workbook.build_target().join("scratch");
        let suffix = suffix(place);
        let name = format!("{}-{suffix}", chapter.name);
        let lock_file = scratch.join(format!("{name}.lock"));
        let file = fs::create_dir_all(&scratch)
            .and_then(|()| fs::File::create(&lock_file))
            .with_context(|| format!("{} cannot be written", lock_file.display()))?;
        // Where files cannot be locked, there is nothing to be done.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!(
                "another command proves {} at this moment; wait until it has ended",
                chapter.id
            );
        }
        let folder = scratch.join(name);
        let manifest = workbook.root.join("Cargo.toml");
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("{} cannot be read", manifest.display()))?;
        let mut table: toml::Table = toml::from_str(&text).context("Cargo.toml is not TOML")?;
        let mut alone =
            toml::Table::from_iter([("workspace".to_owned(), toml::Table::new().into())]);
        if let Some(toml::Value::Table(mut profiles)) = table.remove("profile") {
            for (_, profile) in &mut profiles {
                // What is set for single packages is about the workspace's own.
                if let Some(profile) = profile.as_table_mut() {
                    profile.remove("package");
                }
            }
            alone.insert("profile".to_owned(), profiles.into());
        }
        let lock =
            fs::read(workbook.root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
        write_whole(&folder.join("Cargo.lock"), &lock)?;
        let alone = format!(
            "\n{}",
            toml::to_string(&alone).context("the profile cannot be written")?
        );
        let package = chapter.name.clone();
        Ok(Self {
            folder,
            package,
            suffix,
            alone,
            _lock: file,
        })
    }

    /// Makes the crate hold exactly `files`. Files that are right already keep their date, so cargo builds little.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn hold(&self, files: &Files) -> Result<()> {
        for (path, bytes) in files {
            let mut wanted = self.renamed(bytes);
            if path == Path::new("Cargo.toml") {
                wanted.extend(self.alone.bytes());
            }
            let whole = self.folder.join(path);
            if fs::read(&whole).ok().as_ref() != Some(&wanted) {
                write_whole(&whole, &wanted)?;
            }
        }
        for path in files_below(&self.folder)? {
            if !files.contains_key(&path) {
                let stale = self.folder.join(path);
                fs::remove_file(&stale)
                    .with_context(|| format!("{} cannot be removed", stale.display()))?;
            }
        }
        Ok(())
    }

    /// The file under the scratch crate's name.
    fn renamed(&self, bytes: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return bytes.to_vec();
        };
        let library = self.package.replace('-', "_");
        let suffix = &self.suffix;
        text.replace(&self.package, &format!("{}-{suffix}", self.package))
            .replace(&library, &format!("{library}_{suffix}"))
            .into_bytes()
    }
}

/// The chapter's files with every region filled as `fill` says, between the learner's markers.
pub fn variant(sources: &Sources, fill: impl Fn(&Region) -> Fill) -> Files {
    owned(sources.chapter_files(fill))
}

/// The solution under the chapter's names, without markers: what near-misses edit.
pub fn solution(sources: &Sources) -> Files {
    owned(sources.solution_files())
}

fn owned(files: Vec<(&Path, Vec<u8>)>) -> Files {
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_owned(), bytes))
        .collect()
}
