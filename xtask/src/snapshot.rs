//! A learner's crate at one moment: hashes that tell what changed, and where each exercise stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use crate::hash;
use crate::manifest::Chapter;
use crate::regions::Learner;
use crate::sources::{Contents, Sources};

/// The crate of a chapter, as it is on disk.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Hash of all sources and the manifest.
    pub whole: String,
    /// Hash of everything outside regions.
    pub outside: String,
    /// By exercise id.
    pub exercises: BTreeMap<String, Standing>,
    /// When a file that is no longer what the chapter came with was saved last.
    pub saved: Option<SystemTime>,
}

/// Where one exercise stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Hash of its regions.
    pub hash: String,
    /// All its regions are what the chapter came with.
    pub untouched: bool,
    /// The file of its first region, relative to the crate.
    pub path: PathBuf,
    /// The line to open there.
    pub line: usize,
    /// File and line of its further regions.
    pub more: Vec<(PathBuf, usize)>,
    /// When a file of its regions was saved last.
    pub saved: SystemTime,
}

impl Snapshot {
    /// Looks at the crate in `folder`, which is the chapter's own or another that takes its place.
    ///
    /// # Errors
    /// The reference solution cannot be read.
    pub fn take(root: &Path, chapter: &Chapter, folder: &Path) -> Result<Self> {
        let sources = Sources::read(root, chapter)?;
        let mut exercises: BTreeMap<String, Standing> = BTreeMap::new();
        for place in sources.places(folder, None) {
            let saved = saved(&folder.join(&place.path));
            let line = place.line();
            let id = &place.region.exercise;
            if let Some(known) = exercises.get_mut(id) {
                known.more.push((place.path.clone(), line));
            }
            let standing = exercises.entry(id.clone()).or_insert_with(|| Standing {
                hash: hash::text(hash::EMPTY),
                untouched: true,
                path: place.path.clone(),
                line,
                more: Vec::new(),
                saved,
            });
            standing.untouched &= place.is_untouched();
            standing.saved = standing.saved.max(saved);
            let mut bytes = standing.hash.clone().into_bytes();
            match &place.learner {
                Some(own) => bytes.extend(own.body.join("\n").bytes()),
                None => bytes.extend(b"no markers"),
            }
            standing.hash = hash::text(hash::of(&bytes));
        }
        let starters: BTreeMap<PathBuf, Vec<u8>> = sources
            .chapter_files(|_| crate::regions::Fill::Starter)
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .collect();
        let (mut whole, mut outside, mut last) = (hash::EMPTY, hash::EMPTY, None);
        for path in crate_files(folder) {
            let bytes = fs::read(folder.join(&path)).unwrap_or_default();
            let name = path.to_string_lossy();
            whole = hash::add(hash::add(whole, name.as_bytes()), &bytes);
            let file = sources.file(&path).map(|file| &file.contents);
            if !matches!(file, Some(Contents::Whole(_))) {
                outside = hash::add(
                    hash::add(outside, name.as_bytes()),
                    &without_regions(&bytes),
                );
            }
            if starters.get(&path) != Some(&bytes) {
                last = last.max(Some(saved(&folder.join(&path))));
            }
        }
        Ok(Self {
            whole: hash::text(whole),
            outside: hash::text(outside),
            exercises,
            saved: last,
        })
    }

    /// Hash of each exercise's regions.
    pub fn regions(&self) -> BTreeMap<String, String> {
        let pair = |(id, standing): (&String, &Standing)| (id.clone(), standing.hash.clone());
        self.exercises.iter().map(pair).collect()
    }
}

/// Where the sources of a crate are: what it is built from, what tests it, and what packages it.
const FOLDERS: [&str; 3] = ["packaging", "src", "tests"];

/// What cargo builds a crate from and what is judged with it, relative to its folder, sorted.
pub fn crate_files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found: BTreeSet<PathBuf> = ["Cargo.toml", "build.rs"]
        .iter()
        .map(PathBuf::from)
        .filter(|path| folder.join(path).is_file())
        .collect();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = inner.join(entry.file_name());
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // A link counts as what it points at, but is never walked into: it may lead round in circles.
            match entry.file_type() {
                _ if hidden => {}
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(_) if folder.join(&path).is_file() => {
                    found.insert(path);
                }
                _ => {}
            }
        }
    }
    found
}

/// When a file was written; the beginning of time if it is not there.
pub fn saved(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|data| data.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

fn without_regions(bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return bytes.to_vec();
    };
    let own = Learner::parse(text);
    let mut rest = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if own.regions.iter().all(|region| !region.holds(index + 1)) {
            rest.extend_from_slice(line.as_bytes());
            rest.push(b'\n');
        }
    }
    rest
}
