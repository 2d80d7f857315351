//! Writes `chapters/` from `solutions/`: the single source of every exercise.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::manifest::{Chapter, Manifest};
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::sources::{Sources, files_below};

/// What `generate` found or did in one chapter.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Files that differ from what the solution makes, or that are missing; relative to the checkout.
    pub written: Vec<PathBuf>,
    /// Files that the solution does not make.
    pub removed: Vec<PathBuf>,
}

impl Changes {
    /// Whether the chapter already was what the solution makes.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// What would change in a chapter; nothing is written.
///
/// # Errors
/// The rules for a solution that [`starter_files`] checks.
pub fn compare(workbook: &Workbook, manifest: &Manifest, chapter: &Chapter) -> Result<Changes> {
    differences(
        workbook,
        chapter,
        &starter_files(&workbook.root, manifest, chapter)?,
    )
}

/// Makes a chapter what its solution says. What was there is kept in `kept`, so nothing can be lost.
///
/// # Errors
/// As [`compare`], and files that cannot be written.
pub fn write(
    workbook: &Workbook,
    manifest: &Manifest,
    chapter: &Chapter,
    kept: &Path,
) -> Result<Changes> {
    let wanted = starter_files(&workbook.root, manifest, chapter)?;
    let changes = differences(workbook, chapter, &wanted)?;
    for path in changes.written.iter().chain(&changes.removed) {
        let present = workbook.root.join(path);
        if present.is_file() {
            write_file(&kept.join(path), &fs::read(&present)?)?;
        }
    }
    for path in &changes.removed {
        let present = workbook.root.join(path);
        fs::remove_file(&present)
            .with_context(|| format!("{} cannot be removed", present.display()))?;
    }
    for (path, bytes) in &wanted {
        // A file that is right already keeps its date: cargo would build it again otherwise.
        if changes.written.contains(&of_chapter(chapter, path)) {
            write_file(&workbook.root.join(of_chapter(chapter, path)), bytes)?;
        }
    }
    Ok(changes)
}

fn differences(
    workbook: &Workbook,
    chapter: &Chapter,
    wanted: &[(PathBuf, Vec<u8>)],
) -> Result<Changes> {
    let folder = chapter.folder(&workbook.root);
    let mut changes = Changes::default();
    for (path, bytes) in wanted {
        if fs::read(folder.join(path)).ok().as_ref() != Some(bytes) {
            changes.written.push(of_chapter(chapter, path));
        }
    }
    if folder.is_dir() {
        for path in files_below(&folder)? {
            if wanted.iter().all(|(made, _)| *made != path) {
                changes.removed.push(of_chapter(chapter, &path));
            }
        }
    }
    Ok(changes)
}

/// A file of a chapter, relative to the checkout.
fn of_chapter(chapter: &Chapter, path: &Path) -> PathBuf {
    Path::new("chapters").join(&chapter.name).join(path)
}

/// Every file of a chapter as the learner first finds it.
///
/// # Errors
/// Wrong markers, regions of exercises that the manifest does not have in this chapter,
/// exercises without a region, and Rust files that rustfmt would change.
pub fn starter_files(
    root: &Path,
    manifest: &Manifest,
    chapter: &Chapter,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let sources = Sources::read(root, chapter)?;
    regions_match_manifest(&sources, manifest, chapter)?;
    let mut files = Vec::new();
    // Without a region both texts of a file are the same, and one look is enough.
    let mut looked_at = HashSet::new();
    for fill in [Fill::Solved, Fill::Starter] {
        files = sources
            .chapter_files(|_| fill)
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .collect();
        for (path, bytes) in files
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|end| end == "rs"))
        {
            if !looked_at.insert(bytes.clone()) {
                continue;
            }
            let whole = chapter.solution_folder(root).join(path);
            ensure!(
                formatted(bytes)?.as_slice() == bytes.as_slice(),
                "rustfmt would change the {} of {}",
                if fill == Fill::Solved {
                    "text"
                } else {
                    "starter"
                },
                whole.display()
            );
        }
    }
    Ok(files)
}

fn regions_match_manifest(sources: &Sources, manifest: &Manifest, chapter: &Chapter) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (path, region) in sources.regions() {
        let at = || {
            format!(
                "solutions/{}/{}:{}",
                chapter.name,
                path.display(),
                region.line
            )
        };
        match manifest.exercise(&region.exercise) {
            Some((owner, _)) if owner.id == chapter.id => {}
            Some((owner, _)) => bail!(
                "{}: exercise {} belongs to {}",
                at(),
                region.exercise,
                owner.id
            ),
            None => bail!(
                "{}: book/workbook.toml has no exercise {}",
                at(),
                region.exercise
            ),
        }
        ensure!(
            seen.insert(&region.id),
            "{}: region {} is in another file too",
            at(),
            region.id
        );
    }
    for exercise in &chapter.exercises {
        ensure!(
            seen.contains(&exercise.id) || !exercise.files.is_empty(),
            "solutions/{} has no region for exercise {} (`ANCHOR: ex-{}`)",
            chapter.name,
            exercise.id,
            exercise.id.replace('.', "-")
        );
    }
    Ok(())
}

/// What rustfmt makes of a source text.
fn formatted(source: &[u8]) -> Result<Vec<u8>> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("rustfmt cannot be started; `rustup component add rustfmt` installs it")?;
    // rustfmt reads everything before it writes, so this cannot block on a full pipe.
    if let Some(mut input) = rustfmt.stdin.take() {
        input
            .write_all(source)
            .context("rustfmt closed its input")?;
    }
    let output = rustfmt.wait_with_output().context("rustfmt did not end")?;
    ensure!(
        output.status.success(),
        "rustfmt refuses the source:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output.stdout)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}
