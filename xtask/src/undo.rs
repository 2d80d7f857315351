//! Copies of what a command replaced in `chapters/`, and the way back.
//!
//! Every step is a folder `chapters/.undo/<time>-<what>/`: `step.json` says what was done,
//! `before/` holds the files as the learner had them, `after/` as the command left them.
//! A step that was taken back keeps its folder and loses its place in the queue:
//! its `step.json` is called `undone.json` from then on. Nothing here is ever deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::dates::date;
use crate::paths::Workbook;
use crate::regions::Learner;
use crate::rewrite::{with_region, write_whole};

/// One file as a command wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Relative to the checkout.
    pub path: PathBuf,
    /// Its new text; none if the file goes.
    pub new: Option<Vec<u8>>,
    /// The regions that change, if nothing else does. Empty: the whole file.
    pub regions: Vec<String>,
}

/// What [`replace`] has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The step's folder; none where nothing was there before.
    pub folder: Option<PathBuf>,
}

/// What [`take_back`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// What had been done, such as `4.2`.
    pub what: String,
    /// The files that are as they were before; of some only regions.
    pub files: Vec<PathBuf>,
    /// Where the text is that was there until now, if it held anything new.
    pub saved: Option<PathBuf>,
    /// How many steps are left.
    pub left: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Step {
    what: String,
    files: Vec<StepFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StepFile {
    path: PathBuf,
    regions: Vec<String>,
}

const STEP: &str = "step.json";
const UNDONE: &str = "undone.json";
const BEFORE: &str = "before";
const AFTER: &str = "after";

/// Replaces files after a copy of each has been kept. `what` names the step, such as `4.2`.
///
/// # Errors
/// A copy that cannot be written, before anything is replaced; a file that cannot be.
pub fn replace(workbook: &Workbook, what: &str, files: &[Replacement]) -> Result<Kept> {
    let mut folder = None;
    let mut kept = Vec::new();
    for file in files {
        let present = workbook.root.join(&file.path);
        if !present.is_file() {
            continue;
        }
        let step = match &folder {
            Some(step) => step,
            None => folder.insert(new_folder(workbook, what)?),
        };
        copy(&present, &before(step).join(&file.path))?;
        if let Some(new) = &file.new {
            write_whole(&step.join(AFTER).join(&file.path), new)?;
        }
        kept.push(StepFile {
            path: file.path.clone(),
            regions: file.regions.clone(),
        });
    }
    if let Some(step) = &folder {
        write_step(step, what, kept)?;
    }
    for file in files {
        let present = workbook.root.join(&file.path);
        match &file.new {
            Some(new) => write_whole(&present, new)?,
            None => fs::remove_file(&present)
                .with_context(|| format!("{} cannot be removed", present.display()))?,
        }
    }
    Ok(Kept { folder })
}

/// Makes a step of files that another part of this program replaced, after it copied them to [`before`].
///
/// # Errors
/// The step cannot be written.
pub fn record(folder: &Path, what: &str, files: &[PathBuf]) -> Result<()> {
    let kept = files
        .iter()
        .filter(|path| before(folder).join(path).is_file())
        .map(|path| StepFile {
            path: path.clone(),
            regions: Vec::new(),
        });
    write_step(folder, what, kept.collect())
}

/// Where the copies of a step are, under their paths in the checkout.
pub fn before(folder: &Path) -> PathBuf {
    folder.join(BEFORE)
}

fn write_step(folder: &Path, what: &str, files: Vec<StepFile>) -> Result<()> {
    let step = Step {
        what: what.to_owned(),
        files,
    };
    write_whole(&folder.join(STEP), &serde_json::to_vec_pretty(&step)?)
}

/// What [`take_back`] would take back, such as `4.2`; none if there is nothing.
///
/// # Errors
/// A step that cannot be read.
pub fn last(workbook: &Workbook) -> Result<Option<String>> {
    let Some(folder) = steps(workbook)?.pop() else {
        return Ok(None);
    };
    Ok(Some(read_step(&folder)?.what))
}

/// Takes the last step back that was not taken back yet; none if there is none.
///
/// Where the learner has changed the same lines since, the present text is kept first.
///
/// # Errors
/// A copy that cannot be read or written; nothing is replaced then.
pub fn take_back(workbook: &Workbook) -> Result<Option<TakenBack>> {
    let mut steps = steps(workbook)?;
    let Some(folder) = steps.pop() else {
        return Ok(None);
    };
    let step = read_step(&folder)?;
    let mut new = Vec::new();
    let mut saved = None;
    for file in &step.files {
        let present = workbook.root.join(&file.path);
        let (text, loses) = before_again(&folder, file, &present)?;
        if loses {
            let place = match &saved {
                Some(place) => place,
                None => saved.insert(new_folder(workbook, &format!("{}-undo", step.what))?),
            };
            copy(&present, &before(place).join(&file.path))?;
        }
        new.push((present, text));
    }
    for (path, text) in new {
        write_whole(&path, &text)?;
    }
    let record = folder.join(STEP);
    fs::rename(&record, folder.join(UNDONE))
        .with_context(|| format!("{} cannot be renamed", record.display()))?;
    Ok(Some(TakenBack {
        what: step.what,
        files: step.files.into_iter().map(|file| file.path).collect(),
        saved,
        left: steps.len(),
    }))
}

fn read_step(folder: &Path) -> Result<Step> {
    let record = folder.join(STEP);
    serde_json::from_slice(&read(&record)?).with_context(|| {
        format!(
            "{} cannot be understood; the files it kept are beside it, in {BEFORE}/",
            record.display()
        )
    })
}

/// What a file becomes when a step is taken back, and whether that loses what was written since.
fn before_again(folder: &Path, file: &StepFile, present: &Path) -> Result<(Vec<u8>, bool)> {
    let old = read(&before(folder).join(&file.path))?;
    let after = fs::read(folder.join(AFTER).join(&file.path)).ok();
    let now = fs::read(present).ok();
    if now == after {
        return Ok((old, false));
    }
    let Some(now) = now.filter(|now| *now != old) else {
        return Ok((old, false));
    };
    // Changed since: where only regions were replaced, the rest of the file stays as it is now.
    let texts = (
        String::from_utf8(now).ok(),
        after.and_then(|after| String::from_utf8(after).ok()),
        std::str::from_utf8(&old).ok(),
    );
    if let (false, (Some(now), Some(after), Some(old))) = (file.regions.is_empty(), &texts)
        && let Some(result) = regions_again(now, after, old, &file.regions)
    {
        return Ok(result);
    }
    Ok((old, true))
}

/// The present text with the old lines in the regions named; none if a marker is gone from it.
fn regions_again(now: &str, after: &str, old: &str, regions: &[String]) -> Option<(Vec<u8>, bool)> {
    let (after, old) = (Learner::parse(after), Learner::parse(old));
    let mut text = now.to_owned();
    let mut loses = false;
    for id in regions {
        let present = Learner::parse(&text);
        let present = present.region(id)?;
        let old = old.region(id)?;
        let left = after.region(id).map(|region| region.body.as_slice());
        loses |= left != Some(present.body.as_slice()) && present.body != old.body;
        text = with_region(&text, present, &old.body);
    }
    Some((text.into_bytes(), loses))
}

/// Folders of the steps that can be taken back, oldest first.
fn steps(workbook: &Workbook) -> Result<Vec<PathBuf>> {
    let folder = workbook.undo();
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut steps = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        if path.join(STEP).is_file() {
            steps.push(path);
        }
    }
    // The names begin with the time, so they sort by it.
    steps.sort();
    Ok(steps)
}

/// Makes `chapters/.undo/<time>-<what>`; a later step of the same second sorts behind the first.
///
/// # Errors
/// The folder cannot be made.
pub fn new_folder(workbook: &Workbook, what: &str) -> Result<PathBuf> {
    let undo = workbook.undo();
    fs::create_dir_all(&undo).with_context(|| {
        format!(
            "{} cannot be made, so nothing was changed: a copy comes first",
            undo.display()
        )
    })?;
    let time = timestamp(SystemTime::now());
    let of_this_second = fs::read_dir(&undo)
        .with_context(|| format!("{} cannot be read", undo.display()))?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&time))
        .count();
    for number in of_this_second..of_this_second + 1000 {
        let folder = undo.join(format!("{time}-{number:03}-{what}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be made", folder.display()));
            }
        }
    }
    bail!("{} has a thousand copies of this second", undo.display())
}

/// Such as `2026-05-03-141530`, in UTC.
fn timestamp(now: SystemTime) -> String {
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (year, month, day) = date(seconds);
    let of_day = seconds % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02}-{:02}{:02}{:02}",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    write_whole(to, &read(from)?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

#[cfg(test)]
mod tests;
