//! What `reset` would do: which files change, why, and which lines go.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::comparison::{Line, compare};
use crate::manifest::{Chapter, Exercise};
use crate::paths::Workbook;
use crate::regions::{Fill, Learner, WholeFile};
use crate::rewrite::{carry_over, with_region};
use crate::sources::{Contents, Place, Sources, files_below};
use crate::undo::Replacement;

/// How much of a file is put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// The lines between the markers of these regions, nothing else.
    Regions(Vec<String>),
    /// The whole file, for want of these markers; other exercises keep their lines.
    WithoutMarkers(Vec<String>),
    /// The whole file, whatever is in it.
    WholeFile,
    /// The file is not there, or is empty: nothing can be lost.
    Absent,
    /// The chapter does not have this file: it is put aside.
    NotOfTheChapter,
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The new text, and the path relative to the checkout.
    pub replacement: Replacement,
    /// How much of it.
    pub extent: Extent,
    /// What goes (first text) and what comes (second text).
    pub difference: Vec<Line>,
}

/// What would put an exercise back; empty if it already is as it came.
///
/// # Errors
/// A solution that cannot be read.
pub fn of_exercise(
    workbook: &Workbook,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<Vec<Change>> {
    let sources = Sources::read(&workbook.root, chapter)?;
    let folder = chapter.folder(&workbook.root);
    let mut by_file: BTreeMap<PathBuf, Vec<Place>> = BTreeMap::new();
    for place in sources.places(&folder, Some(&exercise.id)) {
        by_file.entry(place.path.clone()).or_default().push(place);
    }
    let mut changes = Vec::new();
    for (path, places) in by_file {
        if places.iter().all(Place::is_untouched) {
            continue;
        }
        let own = fs::read_to_string(folder.join(&path)).unwrap_or_default();
        let fresh = match sources.file(&path).map(|file| &file.contents) {
            Some(Contents::Text(text)) => text.chapter_text(|_| Fill::Starter),
            Some(Contents::Whole(whole)) => {
                changes.push(whole_file(chapter, &path, &own, whole));
                continue;
            }
            Some(Contents::Bytes(_)) | None => continue,
        };
        let ids = |wanted: &dyn Fn(&Place) -> bool| -> Vec<String> {
            places
                .iter()
                .filter(|place| wanted(place))
                .map(|place| place.region.id.clone())
                .collect()
        };
        let missing = ids(&|place| place.learner.is_none());
        let (new, extent) = if own.trim().is_empty() {
            (fresh, Extent::Absent)
        } else if missing.is_empty() {
            let mut new = own.clone();
            for place in &places {
                if let Some(region) = Learner::parse(&new).region(&place.region.id) {
                    new = with_region(&new, region, &place.region.starter);
                }
            }
            (
                new,
                Extent::Regions(ids(&|place: &Place| !place.is_untouched())),
            )
        } else {
            let of_others = |id: &str| places.iter().all(|place| place.region.id != id);
            (
                carry_over(&fresh, &Learner::parse(&own), of_others),
                Extent::WithoutMarkers(missing),
            )
        };
        changes.push(change(chapter, &path, &own, new, extent));
    }
    Ok(changes)
}

/// What would make a whole chapter as it came; empty if it already is.
///
/// # Errors
/// A solution or a folder that cannot be read.
pub fn of_chapter(workbook: &Workbook, chapter: &Chapter) -> Result<Vec<Change>> {
    let sources = Sources::read(&workbook.root, chapter)?;
    let folder = chapter.folder(&workbook.root);
    let mut changes = Vec::new();
    let mut came = BTreeSet::new();
    for (path, fresh) in sources.chapter_files(|_| Fill::Starter) {
        came.insert(path);
        let own = fs::read(folder.join(path)).unwrap_or_default();
        if own == fresh {
            continue;
        }
        let extent = if own.iter().all(u8::is_ascii_whitespace) {
            Extent::Absent
        } else {
            Extent::WholeFile
        };
        let own = String::from_utf8_lossy(&own);
        match String::from_utf8(fresh) {
            Ok(fresh) => changes.push(change(chapter, path, &own, fresh, extent)),
            Err(error) => changes.push(Change {
                replacement: replacement(chapter, path, Some(error.into_bytes())),
                extent,
                difference: Vec::new(),
            }),
        }
    }
    if folder.is_dir() {
        for path in files_below(&folder)? {
            if !came.contains(path.as_path()) {
                changes.push(Change {
                    replacement: replacement(chapter, &path, None),
                    extent: Extent::NotOfTheChapter,
                    difference: Vec::new(),
                });
            }
        }
    }
    Ok(changes)
}

/// What puts a file back that is one region as a whole.
fn whole_file(chapter: &Chapter, path: &Path, own: &str, whole: &WholeFile) -> Change {
    match whole.text(Fill::Starter) {
        Some(fresh) => {
            let extent = match own.trim().is_empty() {
                true => Extent::Absent,
                false => Extent::WholeFile,
            };
            change(chapter, path, own, fresh.to_owned(), extent)
        }
        None => Change {
            replacement: replacement(chapter, path, None),
            extent: Extent::NotOfTheChapter,
            difference: Vec::new(),
        },
    }
}

fn change(chapter: &Chapter, path: &Path, own: &str, new: String, extent: Extent) -> Change {
    let difference = compare(own.lines(), new.lines());
    let mut replacement = replacement(chapter, path, Some(new.into_bytes()));
    if let Extent::Regions(ids) = &extent {
        replacement.regions.clone_from(ids);
    }
    Change {
        replacement,
        extent,
        difference,
    }
}

fn replacement(chapter: &Chapter, path: &Path, new: Option<Vec<u8>>) -> Replacement {
    Replacement {
        path: Path::new("chapters").join(&chapter.name).join(path),
        new,
        regions: Vec::new(),
    }
}
