//! Which exercise a compile error belongs to. Never a guess between two.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Span};
use crate::progress::Compiled;
use crate::regions::Learner;
use crate::snapshot::Snapshot;

/// Where a compile error belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// The exercise, if there is no doubt.
    pub exercise: Option<String>,
    /// The place, relative to the crate, and its line; none where the compiler names none.
    pub place: Option<(PathBuf, usize)>,
}

/// The exercises that were changed since the crate last compiled, if nothing else was.
pub fn changed(now: &Snapshot, compiled: Option<&Compiled>) -> BTreeSet<String> {
    match compiled {
        Some(then) if then.outside == now.outside => now
            .regions()
            .into_iter()
            .filter(|(id, hash)| then.regions.get(id) != Some(hash))
            .map(|(id, _)| id)
            .collect(),
        Some(_) => BTreeSet::new(),
        // The starter compiles: what is not untouched has been changed.
        None => now
            .exercises
            .iter()
            .filter(|(_, standing)| !standing.untouched)
            .map(|(id, _)| id.clone())
            .collect(),
    }
}

/// The files of a crate, read as errors point at them.
#[derive(Debug)]
pub struct Files<'a> {
    folder: &'a Path,
    read: BTreeMap<PathBuf, Source>,
}

#[derive(Debug)]
struct Source {
    lines: Vec<String>,
    learner: Learner,
}

impl<'a> Files<'a> {
    /// The crate in `folder`.
    pub fn new(folder: &'a Path) -> Self {
        let read = BTreeMap::new();
        Self { folder, read }
    }

    /// Finds the owner of one error; `changed` as from [`changed`].
    pub fn owner(&mut self, error: &Diagnostic, changed: &BTreeSet<String>) -> Owner {
        let spans: Vec<(PathBuf, &Span)> = error
            .spans
            .iter()
            .filter_map(|span| Some((self.in_crate(&span.file)?, span)))
            .collect();
        let owners = |files: &mut Self, primary: bool, find: Finder| {
            let of_kind = spans.iter().filter(|(_, span)| span.primary == primary);
            let mut found = BTreeSet::new();
            for (path, span) in of_kind {
                found.extend(find(files.source(path), span));
            }
            found
        };
        let exercise = only(owners(self, true, inside))
            .or_else(|| only(owners(self, false, inside)))
            .or_else(|| {
                let mut near = owners(self, true, in_item);
                if near.len() > 1 {
                    near = near.intersection(changed).cloned().collect();
                }
                only(near)
            })
            .or_else(|| only(changed.clone()));
        let place = self.place(&spans, exercise.as_deref());
        Owner { exercise, place }
    }

    /// The line to open: one inside the owner's regions if the error points there, else its own.
    fn place(
        &mut self,
        spans: &[(PathBuf, &Span)],
        owner: Option<&str>,
    ) -> Option<(PathBuf, usize)> {
        let owned = spans.iter().position(|(path, span)| {
            let inside = inside(self.source(path), span);
            owner.is_some_and(|owner| inside.contains(owner))
        });
        let primary = spans.iter().position(|(_, span)| span.primary);
        let (path, span) = spans.get(owned.or(primary).unwrap_or(0))?;
        Some((path.clone(), span.line))
    }

    /// The compiler names files relative to the workspace, which is the crate's folder or one above it.
    fn in_crate(&self, file: &Path) -> Option<PathBuf> {
        let whole = self
            .folder
            .ancestors()
            .map(|base| base.join(file))
            .find(|path| path.is_file())?;
        whole.strip_prefix(self.folder).ok().map(Path::to_owned)
    }

    fn source(&mut self, path: &Path) -> &Source {
        self.read.entry(path.to_owned()).or_insert_with(|| {
            let text = fs::read_to_string(self.folder.join(path)).unwrap_or_default();
            Source {
                lines: text.lines().map(str::to_owned).collect(),
                learner: Learner::parse(&text),
            }
        })
    }
}

type Finder = fn(&Source, &Span) -> BTreeSet<String>;

fn only(found: BTreeSet<String>) -> Option<String> {
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none())
}

/// `4.2-b` belongs to `4.2`.
fn exercise_of(region: &str) -> String {
    region.split('-').next().unwrap_or(region).to_owned()
}

/// The regions that hold the whole span.
fn inside(source: &Source, span: &Span) -> BTreeSet<String> {
    source
        .learner
        .regions
        .iter()
        .filter(|region| region.holds(span.line) && region.holds(span.last_line))
        .map(|region| exercise_of(&region.id))
        .collect()
}

/// The regions inside the item that the span annotates (`#[tool_router]`) or opens (`fn greet(…) {`).
fn in_item(source: &Source, span: &Span) -> BTreeSet<String> {
    let Some((first, last)) = item(&source.lines, span.line) else {
        return BTreeSet::new();
    };
    source
        .learner
        .regions
        .iter()
        .filter(|region| first <= region.begin && region.end <= last)
        .map(|region| exercise_of(&region.id))
        .collect()
}

/// First and last line (from 1) of the item that begins at `line` or right after the attributes there.
///
/// The sources are formatted by rustfmt, so an item ends at the first closing brace in its own column,
/// or on a line in that column that ends with a semicolon. No parser is needed to see that, and none
/// could read a file that does not compile.
fn item(lines: &[String], line: usize) -> Option<(usize, usize)> {
    let mut start = line.checked_sub(1)?;
    let mut brackets = 0_i32;
    loop {
        let text = lines.get(start)?.trim();
        let attribute = brackets > 0 || text.starts_with("#[");
        if !attribute && !text.is_empty() && !text.starts_with("//") {
            break;
        }
        if attribute {
            brackets += count(text, '[') - count(text, ']');
        }
        start += 1;
    }
    let opens = |text: &str| text.ends_with('{') || text.ends_with('(') || text.ends_with('<');
    let first = lines.get(start)?;
    let annotated = start + 1 != line;
    if !annotated && !opens(first.trim_end()) {
        return None;
    }
    let column = indent(first);
    if count(first, '{') > 0 && count(first, '{') == count(first, '}') || first.ends_with(';') {
        return Some((line, start + 1));
    }
    let length = lines[start + 1..].iter().position(|text| {
        let ends = text.trim_start().starts_with('}') || text.trim_end().ends_with(';');
        !text.trim().is_empty() && indent(text) == column && ends
    })?;
    Some((line, start + 1 + length + 1))
}

fn count(text: &str, sign: char) -> i32 {
    text.chars()
        .fold(0, |sum, found| sum + i32::from(found == sign))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests;
