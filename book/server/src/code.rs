//! The files that pages show: solutions cut at their regions, snippets, compile-fail cases.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use xtask::manifest::{Chapter, Exercise, Manifest};
use xtask::regions::{Fill, Region};
use xtask::sources::{Contents, Sources};

use crate::problem::Fault;

/// Reads from the checkout what directives ask for. Never from `chapters/`: those files are the learner's.
pub(crate) struct Library<'a> {
    root: &'a Path,
    pub(crate) manifest: &'a Manifest,
    /// Solutions that were read, by the name of their chapter.
    solutions: RefCell<HashMap<String, Rc<Sources>>>,
}

/// A region of an exercise, and the file of the crate that holds it.
pub(crate) struct Place {
    /// Relative to the crate, with `/`.
    pub(crate) path: String,
    pub(crate) region: Region,
}

impl<'a> Library<'a> {
    pub(crate) fn new(root: &'a Path, manifest: &'a Manifest) -> Self {
        Self {
            root,
            manifest,
            solutions: RefCell::default(),
        }
    }

    /// A text file of the checkout, by its path from the root.
    pub(crate) fn text(&self, path: &str) -> Result<String, Fault> {
        let text = fs::read_to_string(self.root.join(path)).map_err(|error| {
            let what = match error.kind() {
                ErrorKind::NotFound => format!("there is no file {path}"),
                _ => format!("{path} cannot be read: {error}"),
            };
            Fault::new(what, "create the file or correct its name")
        })?;
        if text.trim().is_empty() {
            return Err(Fault::new(
                format!("{path} is empty"),
                "write the file or take the directive away",
            ));
        }
        Ok(text.replace("\r\n", "\n"))
    }

    /// The exercise with this id and its chapter.
    pub(crate) fn exercise(&self, id: &str) -> Result<(&'a Chapter, &'a Exercise), Fault> {
        self.manifest.exercise(id).ok_or_else(|| {
            let ids = self
                .manifest
                .exercises()
                .map(|(_, exercise)| exercise.id.as_str());
            let next = match xtask::suggest::did_you_mean(id, ids) {
                Some(near) => format!("did you mean {near}?"),
                None => "exercises are listed in book/workbook.toml".to_owned(),
            };
            Fault::new(format!("there is no exercise {id}"), next)
        })
    }

    /// The regions of an exercise, in the order of files and lines. There is at least one.
    pub(crate) fn places(&self, chapter: &Chapter, exercise: &str) -> Result<Vec<Place>, Fault> {
        let sources = self.solution(chapter)?;
        let places: Vec<Place> = sources
            .regions()
            .filter(|(_, region)| region.exercise == exercise)
            .map(|(path, region)| Place {
                path: slashed(path),
                region: region.clone(),
            })
            .collect();
        if places.is_empty() {
            return Err(Fault::new(
                format!(
                    "solutions/{} has no region of exercise {exercise}",
                    chapter.name
                ),
                format!(
                    "mark its answer with `// ANCHOR: ex-{0}` and `// ANCHOR_END: ex-{0}`",
                    exercise.replace('.', "-")
                ),
            ));
        }
        Ok(places)
    }

    /// A file of a chapter's crate as the learner first finds it, without markers.
    pub(crate) fn starter_file(&self, chapter: &str, path: &str) -> Result<String, Fault> {
        let Some(chapter) = self
            .manifest
            .chapters
            .iter()
            .find(|known| known.name == chapter)
        else {
            let names: Vec<&str> = self
                .manifest
                .chapters
                .iter()
                .map(|known| known.name.as_str())
                .collect();
            return Err(Fault::new(
                format!("there is no chapter {chapter}"),
                format!("the chapters are {}", names.join(", ")),
            ));
        };
        let sources = self.solution(chapter)?;
        let file = sources
            .files
            .iter()
            .find(|file| slashed(&file.path) == path);
        match file.map(|file| &file.contents) {
            Some(Contents::Text(text)) => Ok(text.plain_text(|_| Fill::Starter)),
            Some(Contents::Whole(whole)) => match whole.text(Fill::Starter) {
                Some(text) => Ok(text.to_owned()),
                None => Err(Fault::new(
                    format!("the chapter comes without {path}"),
                    "show another file",
                )),
            },
            Some(Contents::Bytes(_)) => {
                Err(Fault::new(format!("{path} is no text"), "show a text file"))
            }
            None => {
                let paths: Vec<String> = sources
                    .files
                    .iter()
                    .map(|file| slashed(&file.path))
                    .collect();
                Err(Fault::new(
                    format!("solutions/{} has no file {path}", chapter.name),
                    format!("its files are {}", paths.join(", ")),
                ))
            }
        }
    }

    fn solution(&self, chapter: &Chapter) -> Result<Rc<Sources>, Fault> {
        if let Some(known) = self.solutions.borrow().get(&chapter.name) {
            return Ok(Rc::clone(known));
        }
        let sources = Sources::read(self.root, chapter).map_err(|error| {
            let root = format!("{}/", self.root.display());
            Fault::new(
                format!(
                    "the solution of {} cannot be read: {}",
                    chapter.name,
                    format!("{error:#}").replace(&root, "")
                ),
                "correct that file; `cargo xtask generate --check` reads the same markers",
            )
        })?;
        let sources = Rc::new(sources);
        self.solutions
            .borrow_mut()
            .insert(chapter.name.clone(), Rc::clone(&sources));
        Ok(sources)
    }
}

/// A relative path as it is written in the book.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

/// All files below a folder, as paths from it with `/`, in order. A folder that is not there has none.
pub(crate) fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inside) = waiting.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&inside)) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = inside.join(entry.file_name());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => waiting.push(path),
                Ok(_) => files.push(slashed(&path)),
                Err(_) => {}
            }
        }
    }
    files.sort();
    files
}
