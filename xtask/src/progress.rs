//! `chapters/.progress.json`: what was found out, about which text, and when.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::dates::date;
use crate::paths::Workbook;
use crate::states::State;

/// Everything that is remembered about a learner's work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// By exercise id.
    pub exercises: BTreeMap<String, Record>,
    /// By chapter id: the texts at the last build that compiled.
    pub compiled: BTreeMap<String, Compiled>,
    /// The exercise whose region was seen to change last.
    pub current: Option<String>,
}

/// What is remembered about one exercise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The last verdict.
    pub last: Option<Last>,
    /// When it was `ok` for the first time, in seconds since 1970. Never taken back.
    pub solved: Option<u64>,
    /// How many hints were shown.
    pub hints: usize,
}

/// A verdict, and what it is about. It holds as long as all hashes are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// `ok`, `wrong` or `not_started`.
    pub state: State,
    /// In seconds since 1970.
    pub date: u64,
    /// Hash of the exercise's regions.
    pub region: String,
    /// Hash of the crate's sources and manifest.
    pub krate: String,
    /// Which checker it was.
    pub checker: String,
    /// The checks that passed: `watch` leaves slow ones out.
    pub passed: Vec<String>,
}

/// Hashes of the texts at a build that compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiled {
    /// By exercise id.
    pub regions: BTreeMap<String, String>,
    /// Everything outside regions.
    pub outside: String,
}

impl Progress {
    /// Reads what is remembered; nothing if there is no file yet, or one that makes no sense.
    pub fn load(workbook: &Workbook) -> Self {
        let text = fs::read_to_string(workbook.progress()).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// What is remembered about an exercise.
    pub fn record(&self, exercise: &str) -> Option<&Record> {
        self.exercises.get(exercise)
    }

    /// How many hints of an exercise were shown.
    pub fn hints_shown(&self, exercise: &str) -> usize {
        self.record(exercise).map_or(0, |record| record.hints)
    }

    /// Whether an exercise was `ok` at any time.
    pub fn is_solved(&self, exercise: &str) -> bool {
        self.record(exercise)
            .is_some_and(|record| record.solved.is_some())
    }
}

/// How long another process may hold the lock.
const PATIENCE: Duration = Duration::from_secs(3);

/// Reads the file, changes it, and writes it back, all under a lock.
///
/// # Errors
/// The checkout cannot be written to. Verdicts do not depend on it: say so in one line and go on.
pub fn update<T>(workbook: &Workbook, change: impl FnOnce(&mut Progress) -> T) -> Result<T> {
    let _lock = Lock::take(workbook)?;
    let path = workbook.progress();
    keep_unreadable(workbook);
    let mut progress = Progress::load(workbook);
    let before = progress.clone();
    let result = change(&mut progress);
    if progress == before && path.is_file() {
        return Ok(result);
    }
    let text = serde_json::to_string_pretty(&progress).context("progress has a form")?;
    let temporary = path.with_extension("json.new");
    fs::write(&temporary, text + "\n")
        .and_then(|()| fs::rename(&temporary, &path))
        .with_context(|| format!("{} cannot be written", workbook.shown(&path)))?;
    Ok(result)
}

/// A file that makes no sense (a merge conflict, a slip of an editor) is put aside, never overwritten.
fn keep_unreadable(workbook: &Workbook) {
    let path = workbook.progress();
    let Ok(bytes) = fs::read(&path) else { return };
    if serde_json::from_slice::<Progress>(&bytes).is_err() {
        let aside = path.with_file_name(format!(".progress.unreadable-{}.json", now()));
        // If even that fails, the write that follows tells about it.
        let _ = fs::rename(&path, aside);
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// `3 May 2026`, in UTC.
pub fn day(seconds: u64) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = date(seconds);
    let name = MONTHS[(month - 1) as usize];
    format!("{day} {name} {year}")
}

/// A file that only one process can make. Removed when dropped.
struct Lock {
    path: PathBuf,
}

impl Lock {
    fn take(workbook: &Workbook) -> Result<Self> {
        let path = workbook.progress().with_extension("lock");
        let began = Instant::now();
        loop {
            match File::options().write(true).create_new(true).open(&path) {
                Ok(_) => return Ok(Self { path }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("{} cannot be written", workbook.shown(&path)));
                }
            }
            // Nobody needs it for so long: whoever made it was killed.
            let age = fs::metadata(&path)
                .and_then(|data| data.modified())
                .ok()
                .and_then(|date| date.elapsed().ok());
            if age.is_some_and(|age| age > PATIENCE) {
                let _ = fs::remove_file(&path);
            }
            if began.elapsed() > 2 * PATIENCE {
                bail!("{} is held by another command", workbook.shown(&path));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock that stays is removed by age.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook(folder: &std::path::Path) -> Workbook {
        fs::create_dir_all(folder.join("chapters")).expect("can be made");
        Workbook {
            root: folder.to_owned(),
            target: folder.join("target"),
        }
    }

    #[test]
    fn days_have_names() {
        assert_eq!(day(0), "1 January 1970");
        assert_eq!(day(951_782_400), "29 February 2000");
        assert_eq!(day(1_777_766_400), "3 May 2026");
        assert_eq!(day(1_798_675_200), "31 December 2026");
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let workbook = workbook(folder.path());
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    update(&workbook, |progress| {
                        progress.exercises.entry("1.1".into()).or_default().hints += 1;
                    })
                    .expect("is written");
                });
            }
        });
        assert_eq!(Progress::load(&workbook).hints_shown("1.1"), 8);
    }

    #[test]
    fn a_file_that_makes_no_sense_is_put_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let workbook = workbook(folder.path());
        fs::write(workbook.progress(), "<<<<<<< HEAD").expect("is written");
        update(&workbook, |_| ()).expect("is written");
        let kept = fs::read_dir(folder.path().join("chapters"))
            .expect("is read")
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().contains("unreadable"))
            .count();
        assert_eq!(kept, 1);
    }
}
