//! Noticing that a file was saved: dates and sizes, looked at again and again.
//!
//! No watching service of the system: those differ between systems, and miss files on network
//! drives and in containers. Looking at thirty files costs less than a millisecond.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::snapshot::crate_files;

/// How often to look.
pub const PACE: std::time::Duration = std::time::Duration::from_millis(100);

/// The files of some crates, as they were when last looked at.
#[derive(Debug)]
pub struct Saves {
    folders: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, (SystemTime, u64)>,
}

impl Saves {
    /// Looks for the first time.
    pub fn of(folders: Vec<PathBuf>) -> Self {
        let mut saves = Self {
            folders,
            seen: BTreeMap::new(),
        };
        saves.seen = saves.look();
        saves
    }

    /// The files that were saved, made or removed since; of several the newest is first.
    pub fn since(&mut self) -> Vec<PathBuf> {
        let now = self.look();
        let mut changed: Vec<(SystemTime, PathBuf)> = now
            .iter()
            .filter(|(path, stamp)| self.seen.get(*path) != Some(stamp))
            .map(|(path, stamp)| (stamp.0, path.clone()))
            .collect();
        let gone = self.seen.keys().filter(|path| !now.contains_key(*path));
        changed.extend(gone.map(|path| (SystemTime::UNIX_EPOCH, path.clone())));
        changed.sort_by(|one, other| other.cmp(one));
        self.seen = now;
        changed.into_iter().map(|(_, path)| path).collect()
    }

    fn look(&self) -> BTreeMap<PathBuf, (SystemTime, u64)> {
        let mut found = BTreeMap::new();
        for folder in &self.folders {
            for path in crate_files(folder) {
                let path = folder.join(path);
                // Between the two looks it may have gone.
                if let Ok(data) = fs::metadata(&path) {
                    let date = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                    found.insert(path, (date, data.len()));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_a_new_file_and_a_deleted_one_are_noticed_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("src")).expect("is made");
        fs::write(path("src/a.rs"), "a").expect("is written");
        let mut saves = Saves::of(vec![folder.path().to_owned()]);
        assert!(saves.since().is_empty());
        fs::write(path("src/a.rs"), "ab").expect("is written");
        fs::write(path("src/b.rs"), "b").expect("is written");
        assert_eq!(saves.since().len(), 2);
        fs::remove_file(path("src/b.rs")).expect("is removed");
        assert_eq!(saves.since(), [path("src/b.rs")]);
        assert!(saves.since().is_empty());
    }
}
