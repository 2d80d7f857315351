//! The files of a chapter: what a solution holds, and where the learner's regions are.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::manifest::Chapter;
use crate::regions::{ENDING, Fill, Learner, LearnerRegion, Region, Solution, WholeFile};

/// All files of one solution, under the names that the chapter uses.
#[derive(Debug, Clone)]
pub struct Sources {
    /// In the order of their paths.
    pub files: Vec<SourceFile>,
}

/// One file of a solution.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the crate's folder.
    pub path: PathBuf,
    /// What it holds.
    pub contents: Contents,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Contents {
    /// Text, cut at its regions (there may be none).
    Text(Solution),
    /// Text that is one region as a whole.
    Whole(WholeFile),
    /// Anything that is not UTF-8, copied as it is.
    Bytes(Vec<u8>),
}

/// One region of an exercise, in the solution and in the learner's file.
#[derive(Debug, Clone)]
pub struct Place {
    /// Relative to the crate's folder.
    pub path: PathBuf,
    /// As the solution has it.
    pub region: Region,
    /// As the learner has it; none if the file or a marker is missing.
    pub learner: Option<LearnerRegion>,
}

impl Sources {
    /// Reads the solution of a chapter from the checkout in `root`.
    ///
    /// # Errors
    /// A file that cannot be read or is missing, or a slip in its markers, with path and line.
    pub fn read(root: &Path, chapter: &Chapter) -> Result<Self> {
        let folder = chapter.solution_folder(root);
        let mut texts = BTreeMap::new();
        for path in files_below(&folder)? {
            let whole = folder.join(&path);
            let bytes =
                fs::read(&whole).with_context(|| format!("{} cannot be read", whole.display()))?;
            let text = String::from_utf8(bytes).map(|text| with_chapter_names(&text, chapter));
            texts.insert(path, text.map_err(|error| error.into_bytes()));
        }
        let mut files = whole_files(&folder, chapter, &mut texts)?;
        for (path, text) in texts {
            let shown = folder.join(&path);
            ensure!(
                !path.to_string_lossy().ends_with(ENDING),
                "{} is the starter of no file: book/workbook.toml names files that are regions as a whole",
                shown.display()
            );
            let contents = match text {
                Ok(text) => Contents::Text(
                    Solution::parse(&text)
                        .with_context(|| format!("{} has a wrong marker", shown.display()))?,
                ),
                Err(bytes) => Contents::Bytes(bytes),
            };
            files.push(SourceFile { path, contents });
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { files })
    }

    /// Every region with the file that holds it.
    pub fn regions(&self) -> impl Iterator<Item = (&Path, &Region)> {
        self.files.iter().flat_map(|file| match &file.contents {
            Contents::Text(text) => text
                .regions()
                .map(|region| (file.path.as_path(), region))
                .collect(),
            Contents::Whole(whole) => vec![(file.path.as_path(), &whole.region)],
            Contents::Bytes(_) => Vec::new(),
        })
    }

    /// The files of a chapter, each region filled as `fill` says. A whole file that starts from nothing is not there.
    pub fn chapter_files(&self, fill: impl Fn(&Region) -> Fill) -> Vec<(&Path, Vec<u8>)> {
        let made = |file: &'_ SourceFile| file.contents.chapter_bytes(&fill);
        self.files
            .iter()
            .filter_map(|file| Some((file.path.as_path(), made(file)?)))
            .collect()
    }

    /// The files of the solution under the chapter's names, without any marker.
    pub fn solution_files(&self) -> Vec<(&Path, Vec<u8>)> {
        self.files
            .iter()
            .map(|file| (file.path.as_path(), file.contents.plain_bytes()))
            .collect()
    }

    /// The file at `path`, if the solution has it.
    pub fn file(&self, path: &Path) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The regions of one exercise, or of all if `exercise` is none, beside what the learner has in `folder`:
    /// `1.2` before `1.2-b`.
    pub fn places(&self, folder: &Path, exercise: Option<&str>) -> Vec<Place> {
        let mut places = Vec::new();
        for file in &self.files {
            let text = match &file.contents {
                Contents::Text(text) => text,
                Contents::Whole(whole) if exercise.is_none_or(|id| whole.region.exercise == id) => {
                    let own = fs::read_to_string(folder.join(&file.path)).ok();
                    places.push(Place {
                        path: file.path.clone(),
                        region: whole.region.clone(),
                        learner: whole.learner(own.as_deref()),
                    });
                    continue;
                }
                Contents::Whole(_) | Contents::Bytes(_) => continue,
            };
            let mut wanted = text
                .regions()
                .filter(|region| exercise.is_none_or(|id| region.exercise == id))
                .peekable();
            if wanted.peek().is_none() {
                continue;
            }
            let own =
                Learner::parse(&fs::read_to_string(folder.join(&file.path)).unwrap_or_default());
            places.extend(wanted.map(|region| Place {
                path: file.path.clone(),
                region: region.clone(),
                learner: own.region(&region.id).cloned(),
            }));
        }
        // Files come by their names; an exercise begins at `1.2`, and goes on at `1.2-b`.
        places.sort_by(|one, other| one.region.id.cmp(&other.region.id));
        places
    }
}

impl Contents {
    /// The bytes of the chapter's file; none if there is no such file then.
    pub fn chapter_bytes(&self, fill: impl Fn(&Region) -> Fill) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.chapter_text(fill).into_bytes()),
            Self::Whole(whole) => whole.text(fill(&whole.region)).map(|text| text.into()),
            Self::Bytes(bytes) => Some(bytes.clone()),
        }
    }

    /// The bytes of the solution's file, without markers.
    pub fn plain_bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.plain_text(|_| Fill::Solved).into_bytes(),
            Self::Whole(whole) => whole.text(Fill::Solved).unwrap_or_default().into(),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl Place {
    /// Whether the learner's region still is what the chapter came with.
    pub fn is_untouched(&self) -> bool {
        self.learner
            .as_ref()
            .is_some_and(|own| own.equals(&self.region.starter))
    }

    /// The line to open in the learner's file: the first of the region, or of the file if the markers are gone.
    pub fn line(&self) -> usize {
        self.learner.as_ref().map_or(1, |own| own.begin)
    }
}

/// Takes the files that exercises name, and their starters, out of `texts`.
fn whole_files(
    folder: &Path,
    chapter: &Chapter,
    texts: &mut BTreeMap<PathBuf, Result<String, Vec<u8>>>,
) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for exercise in &chapter.exercises {
        for (number, path) in (1..).zip(&exercise.files) {
            let shown = folder.join(path);
            let Some(Ok(text)) = texts.remove(path) else {
                bail!(
                    "{} is not there or is no text, and book/workbook.toml names it as a file of {}",
                    shown.display(),
                    exercise.id
                );
            };
            let mut beside = path.clone().into_os_string();
            beside.push(ENDING);
            let starter = texts.remove(Path::new(&beside)).transpose();
            let starter = starter.map_err(|_| anyhow!("{} is no text", shown.display()))?;
            let whole = WholeFile::new(&exercise.id, number, starter, text)
                .with_context(|| shown.display().to_string())?;
            files.push(SourceFile {
                path: path.clone(),
                contents: Contents::Whole(whole),
            });
        }
    }
    Ok(files)
}

/// A solution's text under the chapter's names; everything else stays as it is.
///
/// Binaries of one workspace need distinct names, so the solution of `ch04-resources` is
/// `ch04-resources-solution`, and its library `ch04_resources_solution`.
pub fn with_chapter_names(text: &str, chapter: &Chapter) -> String {
    let library = chapter.name.replace('-', "_");
    text.replace(&chapter.solution_package(), &chapter.name)
        .replace(&format!("{library}_solution"), &library)
}

/// Paths of all files below a crate's folder, relative to it, sorted; hidden files and build output aside.
///
/// # Errors
/// The folder cannot be read, or holds a link.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let whole = folder.join(&inner);
        let entries =
            fs::read_dir(&whole).with_context(|| format!("{} cannot be read", whole.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("{} cannot be read", whole.display()))?;
            let name = entry.file_name();
            let path = inner.join(&name);
            let kind = entry
                .file_type()
                .with_context(|| format!("{} cannot be read", whole.display()))?;
            let hidden = name.to_string_lossy().starts_with('.');
            let built = inner.as_os_str().is_empty() && (name == "target" || name == "Cargo.lock");
            if hidden || built {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                files.push(path);
            } else {
                bail!(
                    "{} is a link; a crate of the workbook holds plain files",
                    folder.join(path).display()
                );
            }
        }
    }
    files.sort();
    Ok(files)
}
