//! The checker's program: made of the sources that are there now, never of older ones.

use std::fs::{self, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::cancel::{Cancel, Halt};
use crate::cargo::{Build, Outcome, Plan, Progress, build, unwritable};
use crate::hash;
use crate::namesakes;
use crate::paths::Workbook;

/// The packages of the workspace that the checker is made of.
const PACKAGES: [&str; 5] = ["issuer", "reference-tests", "service", "tracker", "verdict"];
/// How often somebody who waits for another build looks.
const TICK: Duration = Duration::from_millis(20);

/// The checker's program, built if its sources are not those that it was built from.
///
/// # Errors
/// The checker does not build: a fault of the workbook, told with the compiler's words.
pub fn program(
    workbook: &Workbook,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<PathBuf, Halt> {
    let path = workbook.build_target().join("checker-built");
    // What it is made of, not when that was written: a file that was put back has an old date. Taken before the
    // build, so that a save during it counts.
    let (id, own) = (id(workbook), hash_of(workbook, &own_sources(workbook)));
    let is_built = |stamp: &Stamp| stamp.id == id && stamp.program.is_file();
    if let Some(stamp) = Stamp::read(&path).filter(is_built) {
        return Ok(stamp.program);
    }
    let _alone = alone(workbook, cancel, sink)?;
    let before = Stamp::read(&path);
    if let Some(stamp) = before.clone().filter(is_built) {
        return Ok(stamp.program);
    }
    // From here on the program may be another one, even if this process does not live to say which.
    if path.exists() {
        fs::remove_file(&path).with_context(|| unwritable(&path))?;
    }
    // Cargo goes by the dates of sources, and would take such a file for built. Cargo.lock it compares itself.
    if before.is_none_or(|stamp| stamp.own != own) {
        namesakes::forget(&PACKAGES, &workbook.build_target())?;
    }
    let plan = Plan {
        binary: Some("checker".to_owned()),
        ..Plan::member(workbook, "reference-tests")
    };
    let build = build(workbook, &plan, cancel, sink)?;
    let Some(program) = build.executable(Some("checker")) else {
        return Err(Halt::Fault(anyhow!(
            "the checker (package reference-tests in tests/) does not build. If you changed something \
             outside chapters/, `git status` shows it.\n\n{}",
            words(&build)
        )));
    };
    let program = program.to_owned();
    let stamp = Stamp { id, own, program };
    fs::write(&path, stamp.text()).with_context(|| unwritable(&path))?;
    Ok(stamp.program)
}

/// What is kept about the program that was built last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    /// See [`id`].
    id: String,
    /// The hash of its sources alone.
    own: String,
    program: PathBuf,
}

impl Stamp {
    /// None if nothing is kept, or if it cannot be understood.
    fn read(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let mut lines = text.splitn(3, '\n');
        Some(Self {
            id: lines.next()?.to_owned(),
            own: lines.next()?.to_owned(),
            program: lines.next()?.into(),
        })
    }

    fn text(&self) -> Vec<u8> {
        let program = self.program.as_os_str().as_encoded_bytes();
        [
            self.id.as_bytes(),
            b"\n",
            self.own.as_bytes(),
            b"\n",
            program,
        ]
        .concat()
    }
}

/// Waits until no other command builds the checker: what that cargo works on must not be forgotten.
/// The lock ends with the file that is returned, or with its process.
fn alone(
    workbook: &Workbook,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<fs::File, Halt> {
    let path = workbook.build_target().join("checker-lock");
    let file = fs::create_dir_all(workbook.build_target())
        .and_then(|()| fs::File::create(&path))
        .with_context(|| unwritable(&path))?;
    let mut waiting = false;
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if cancel.is_cancelled() {
            return Err(Halt::Cancelled);
        }
        if !waiting {
            waiting = true;
            sink(Progress::Waiting);
        }
        thread::sleep(TICK);
    }
    // Where files cannot be locked, cargo's own lock has to do.
    Ok(file)
}

/// Which checker this is: a hash of its sources and of what they need. Results of another one may be out of date.
pub fn id(workbook: &Workbook) -> String {
    let mut files = own_sources(workbook);
    files.push(workbook.root.join("Cargo.lock"));
    hash_of(workbook, &files)
}

fn hash_of(workbook: &Workbook, files: &[PathBuf]) -> String {
    let mut hash = hash::EMPTY;
    for path in files {
        hash = hash::add(hash, workbook.shown(path).as_bytes());
        hash = hash::add(hash, &fs::read(path).unwrap_or_default());
    }
    hash::text(hash)
}

/// The words of a build that failed.
fn words(build: &Build) -> String {
    match &build.outcome {
        Outcome::Refused(text) => text.clone(),
        _ => build
            .errors()
            .map(|error| error.rendered.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// The files of the workspace that the checker is made of, sorted.
fn own_sources(workbook: &Workbook) -> Vec<PathBuf> {
    let tests = workbook.root.join("tests");
    // The checker itself has the folder to itself; the others have one in it.
    let packages = PACKAGES.map(|package| match package {
        "reference-tests" => tests.clone(),
        other => tests.join(other),
    });
    let mut found: Vec<_> = packages
        .iter()
        .map(|folder| folder.join("Cargo.toml"))
        .collect();
    let mut folders: Vec<_> = packages.iter().map(|folder| folder.join("src")).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_put_back_with_an_old_date_makes_another_checker() {
        let folder = tempfile::tempdir().expect("a folder");
        let workbook = Workbook {
            root: folder.path().into(),
            target: folder.path().join("target"),
        };
        let source = folder.path().join("tests/src/lib.rs");
        fs::create_dir_all(source.parent().expect("a folder")).expect("can be made");
        fs::write(&source, "new").expect("is written");
        let before = id(&workbook);
        fs::write(&source, "old").expect("is written");
        let file = fs::File::options().write(true).open(&source);
        let dated = file.and_then(|file| file.set_modified(std::time::SystemTime::UNIX_EPOCH));
        dated.expect("can be dated");
        assert_ne!(before, id(&workbook));
    }

    #[test]
    fn what_is_kept_is_read_again_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stamp");
        let stamp = Stamp {
            id: "1".into(),
            own: "2".into(),
            program: "/a b/checker".into(),
        };
        fs::write(&path, stamp.text()).expect("is written");
        assert_eq!(Stamp::read(&path), Some(stamp));
        // As it was kept once: a path alone.
        fs::write(&path, "/a b/checker").expect("is written");
        assert_eq!(Stamp::read(&path), None);
    }
}
