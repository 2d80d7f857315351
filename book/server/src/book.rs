//! Builds the book: directives, mdBook, coverage, links.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use xtask::manifest::Manifest;

use crate::code::{Library, files_below, slashed};
use crate::directives::Expander;
use crate::problem::{Fault, Problem, Problems};
use crate::{console_page, coverage, links, loading, mdbook_log, summary};

/// What to do about problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A book with a problem is not written.
    Strict,
    /// For authors: the book is written, with a box where a directive failed.
    Draft,
}

/// What came of a build.
#[derive(Debug)]
pub struct Report {
    /// The number of pages in SUMMARY.md, and of those that are made for each chapter.
    pub pages: usize,
    /// How long it took.
    pub took: Duration,
    /// Empty unless the book is a draft.
    pub problems: Vec<Problem>,
}

/// Builds the book of the checkout in `root` into `out`. Unless everything is right, `out` stays as it was.
///
/// # Errors
/// [`Problems`] if the book has any; otherwise what kept the files from being read or written.
pub fn build(root: &Path, out: &Path, mode: Mode) -> Result<Report> {
    let begin = Instant::now();
    let manifest = Manifest::load(root)?;
    let out = std::path::absolute(out).with_context(|| format!("{} is no path", out.display()))?;
    let staging = Staging::create(&out)?;
    let config = config(root, &staging.folder)?;
    let source = root.join("book").join(&config.book.src);

    let (summary, mut problems) = summary::read(&source)?;
    let mut book = MDBook::load_with_config_and_summary(root.join("book"), config, summary)
        .context("a page of book/src/SUMMARY.md cannot be read; correct it")?;
    let mut expander = Expander::new(Library::new(root, &manifest));
    let mut pages = BTreeSet::new();
    book.book.for_each_chapter_mut(|chapter| {
        if let Some(path) = chapter.source_path.clone() {
            chapter.content = expander.page(&path, &chapter.content);
            pages.insert(slashed(&path));
        }
    });
    problems.extend(coverage::problems(root, &manifest, &expander.shown, &pages));
    problems.extend(expander.problems);
    let consoles = console_page::add(&mut book.book, &manifest);
    // What mdBook would make of a page with a blank in it says nothing new.
    if problems.is_empty() || mode == Mode::Draft {
        let (built, warnings) = mdbook_log::warnings_of(|| book.build());
        built.context("mdBook cannot render the book")?;
        remove_sources(&staging.folder)?;
        loading::lighten(&staging.folder)?;
        problems.extend(warnings.into_iter().map(|warning| {
            Fault::new(warning, "correct the page that it names").at("book/src", None)
        }));
        problems.extend(links::problems(&staging.folder, &source));
    }
    problems.sort();
    problems.dedup();
    if !problems.is_empty() && mode == Mode::Strict {
        bail!(Problems(problems));
    }
    staging.replace(&out)?;
    Ok(Report {
        pages: pages.len() + consoles,
        took: begin.elapsed(),
        problems,
    })
}

/// The configuration of book.toml, with what this package decides for itself.
fn config(root: &Path, folder: &Path) -> Result<Config> {
    let mut config = Config::from_disk(root.join("book/book.toml"))?;
    config.build.build_dir = folder.to_owned();
    config.build.create_missing = false;
    // mdBook's own includes print a blank where a file is missing.
    config.build.use_default_preprocessors = false;
    Ok(config)
}

/// mdBook copies everything that is not Markdown; scripts, recordings and quizzes are on the pages already.
fn remove_sources(book: &Path) -> Result<()> {
    for file in files_below(book) {
        let in_folder = |name: &str| file.split('/').rev().skip(1).any(|part| part == name);
        let is_source = in_folder("wire")
            || in_folder("console")
            || in_folder("diagrams")
            || file.ends_with("quiz.toml");
        if is_source {
            fs::remove_file(book.join(&file))
                .with_context(|| format!("{file} cannot be removed"))?;
        }
    }
    Ok(())
}

/// A folder beside the book's, where the next book is made. It goes away unless it becomes the book.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    fn create(out: &Path) -> Result<Self> {
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
            bail!(
                "{} cannot be the folder of the book; choose another with --out",
                out.display()
            );
        };
        fs::create_dir_all(parent)
            .with_context(|| format!("{} cannot be created", parent.display()))?;
        let prefix = format!(".{}-next-", name.to_string_lossy());
        remove_stale(parent, &prefix);
        // Two servers may build into the same folder; each has a staging folder of its own.
        let folder = parent.join(format!("{prefix}{}", std::process::id()));
        let staging = Self { folder };
        staging.remove();
        Ok(staging)
    }

    /// Puts the new book in the place of the old one.
    fn replace(&self, out: &Path) -> Result<()> {
        let old = self.folder.with_extension("old");
        let mut tries = 0;
        loop {
            // Another build may have put its book there between the two steps.
            let _ = fs::rename(out, &old);
            let moved = fs::rename(&self.folder, out);
            let _ = fs::remove_dir_all(&old);
            tries += 1;
            match moved {
                Ok(()) => return Ok(()),
                Err(_) if tries < 5 => {}
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("{} cannot be replaced by the new book", out.display())
                    });
                }
            }
        }
    }

    fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Removes what builds left behind that were killed: staging folders older than ten minutes.
fn remove_stale(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(prefix);
        let age = entry
            .metadata()
            .and_then(|data| data.modified())
            .ok()
            .and_then(|time| SystemTime::now().duration_since(time).ok());
        if ours && age.is_some_and(|age| age > Duration::from_secs(600)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
