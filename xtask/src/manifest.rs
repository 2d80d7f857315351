//! `book/workbook.toml`: the one list of chapters and exercises.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::suggest::{did_you_mean, distance};

/// Everything that the workbook has, in the order of the curriculum.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The chapters that exist.
    #[serde(rename = "chapter")]
    pub chapters: Vec<Chapter>,
}

/// One chapter: a section of the book, a crate to edit, a solution, checks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Such as `ch01`.
    pub id: String,
    /// Such as `ch01-hello-world`: the folder in `chapters/`, `solutions/` and `book/src/`, and the package.
    pub name: String,
    /// The heading in the book.
    pub title: String,
    /// Whether its server is a client of the tracker.
    #[serde(default)]
    pub tracker: bool,
    /// Whether its server accepts the tokens of the issuer.
    #[serde(default)]
    pub issuer: bool,
    /// Whether its server does not start without `TRACKER_TOKEN`.
    #[serde(default)]
    pub token: bool,
    /// The target of integration tests that belongs to the exercises: it is built with the server, and judged.
    #[serde(default)]
    pub tests: Option<String>,
    /// Whether its exercises build on one another, so that none of them can be solved while all others are untouched.
    #[serde(default)]
    pub cumulative: bool,
    /// The exercises in order.
    #[serde(rename = "exercise")]
    pub exercises: Vec<Exercise>,
}

/// One exercise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Such as `2.3`.
    pub id: String,
    /// The heading of its card.
    pub title: String,
    /// What the server does when the exercise is solved.
    pub goal: String,
    /// What the reader should have read or done before.
    pub needs: String,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// The page that shows it, in the chapter's folder under `book/src/`.
    pub page: String,
    /// From where to look to nearly the line.
    pub hints: Vec<String>,
    /// Files of the crate that are regions of this exercise as a whole, since no marker can stand in them.
    #[serde(default)]
    pub files: Vec<PathBuf>,
}

/// What a learner named on the command line.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    /// Every chapter.
    All,
    /// All exercises of one chapter.
    Chapter(&'a Chapter),
    /// One exercise.
    Exercise(&'a Chapter, &'a Exercise),
}

impl Manifest {
    /// Reads and checks the manifest of the checkout in `root`.
    ///
    /// # Errors
    /// Names the file and what is wrong in it.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join("book/workbook.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let manifest: Self =
            toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
        manifest
            .validate()
            .with_context(|| format!("{} is not right", path.display()))?;
        Ok(manifest)
    }

    fn validate(&self) -> Result<()> {
        for (position, chapter) in self.chapters.iter().enumerate() {
            let id = format!("ch{:02}", position + 1);
            ensure!(
                chapter.id == id,
                "chapter {} should have the id {id}",
                chapter.id
            );
            ensure!(
                chapter.name.starts_with(&format!("{id}-")),
                "the name {} should start with {id}-",
                chapter.name
            );
            for (place, exercise) in chapter.exercises.iter().enumerate() {
                let id = format!("{}.{}", position + 1, place + 1);
                ensure!(
                    exercise.id == id,
                    "exercise {} should have the id {id}",
                    exercise.id
                );
                ensure!(!exercise.hints.is_empty(), "exercise {id} has no hint");
            }
        }
        Ok(())
    }

    /// All exercises with their chapters, in order.
    pub fn exercises(&self) -> impl Iterator<Item = (&Chapter, &Exercise)> {
        self.chapters.iter().flat_map(|chapter| {
            chapter
                .exercises
                .iter()
                .map(move |exercise| (chapter, exercise))
        })
    }

    /// The exercise with this id.
    pub fn exercise(&self, id: &str) -> Option<(&Chapter, &Exercise)> {
        self.exercises().find(|(_, exercise)| exercise.id == id)
    }

    /// Understands `ch04`, `4`, `04`, `ch04-resources`, `4.2` and `all`.
    ///
    /// # Errors
    /// Says what exists, and which of it is nearest.
    pub fn select(&self, word: &str) -> Result<Selection<'_>> {
        if word == "all" {
            return Ok(Selection::All);
        }
        let number = word.strip_prefix("ch").unwrap_or(word);
        for chapter in &self.chapters {
            let own = chapter.id.trim_start_matches("ch");
            if word == chapter.name || number == own || number == own.trim_start_matches('0') {
                return Ok(Selection::Chapter(chapter));
            }
        }
        if let Some((chapter, exercise)) = self.exercise(number.trim_start_matches('0')) {
            return Ok(Selection::Exercise(chapter, exercise));
        }
        let wanted = number.split('.').next().and_then(|n| n.parse::<u8>().ok());
        if let Some(wanted) = wanted
            && !self
                .chapters
                .iter()
                .any(|chapter| chapter.number() == Some(wanted))
        {
            bail!("chapter {wanted} is not here; `cargo xtask list` shows what is");
        }
        if let Some((chapter, near)) = self.nearest(number) {
            bail!(
                "there is no exercise `{word}`; did you mean `{near}`? {} has {} exercises",
                chapter.id,
                chapter.exercises.len()
            );
        }
        let ids = self.exercises().map(|(_, exercise)| exercise.id.as_str());
        let known = self
            .chapters
            .iter()
            .map(|chapter| chapter.id.as_str())
            .chain(ids);
        match did_you_mean(word, known) {
            Some(near) => bail!("there is no exercise or chapter `{word}`; did you mean `{near}`?"),
            None => bail!("there is no exercise or chapter `{word}`; `cargo xtask list` shows all"),
        }
    }

    /// For a number that no exercise has, such as `2.9`: its chapter, and the exercise there that is nearest, as a
    /// slip of the finger before as a number.
    fn nearest(&self, number: &str) -> Option<(&Chapter, &str)> {
        let (of_chapter, of_exercise) = number.split_once('.')?;
        let (of_chapter, wanted): (u8, usize) =
            (of_chapter.parse().ok()?, of_exercise.parse().ok()?);
        let mut chapters = self.chapters.iter();
        let chapter = chapters.find(|chapter| chapter.number() == Some(of_chapter))?;
        let ids = chapter
            .exercises
            .iter()
            .map(|exercise| exercise.id.as_str());
        let (_, near) = (1..)
            .zip(ids)
            .min_by_key(|(own, id)| (distance(number, id), wanted.abs_diff(*own)))?;
        Some((chapter, near))
    }
}

impl Chapter {
    fn number(&self) -> Option<u8> {
        self.id.strip_prefix("ch")?.parse().ok()
    }

    /// The learner's crate.
    pub fn folder(&self, root: &Path) -> PathBuf {
        root.join("chapters").join(&self.name)
    }

    /// The reference solution's crate.
    pub fn solution_folder(&self, root: &Path) -> PathBuf {
        root.join("solutions").join(&self.name)
    }

    /// The exercises that can be solved alone: all of them or, where they build on one another, none.
    pub fn independent(&self) -> &[Exercise] {
        match self.cumulative {
            true => &[],
            false => &self.exercises,
        }
    }

    /// The reference solution's package and binary.
    pub fn solution_package(&self) -> String {
        format!("{}-solution", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        Manifest::load(&root).expect("the repository's own manifest is right")
    }

    #[test]
    fn every_spelling_of_a_chapter_is_understood() {
        let manifest = manifest();
        for word in ["ch02", "2", "02", "ch02-first-server"] {
            let Ok(Selection::Chapter(chapter)) = manifest.select(word) else {
                panic!("{word} should be a chapter");
            };
            assert_eq!(chapter.id, "ch02");
        }
    }

    #[test]
    fn the_exercises_of_the_capstone_build_on_one_another() {
        for chapter in manifest().chapters {
            let alone = match chapter.id.as_str() {
                "ch08" => 0,
                _ => chapter.exercises.len(),
            };
            assert_eq!(chapter.independent().len(), alone, "{}", chapter.id);
        }
    }

    #[test]
    fn an_unknown_id_gets_the_nearest_one() {
        let said = |word| {
            manifest()
                .select(word)
                .expect_err("is not there")
                .to_string()
        };
        assert_eq!(
            said("2.9"),
            "there is no exercise `2.9`; did you mean `2.7`? ch02 has 7 exercises"
        );
        assert_eq!(
            said("ch1.0"),
            "there is no exercise `ch1.0`; did you mean `1.1`? ch01 has 7 exercises"
        );
        assert_eq!(
            said("2.33"),
            "there is no exercise `2.33`; did you mean `2.3`? ch02 has 7 exercises"
        );
        assert_eq!(
            said("chh02"),
            "there is no exercise or chapter `chh02`; did you mean `ch02`?"
        );
    }

    #[test]
    fn a_chapter_that_is_not_here_is_not_taken_for_another() {
        for word in ["ch99", "99", "99.1"] {
            let error = manifest().select(word).expect_err("there is no chapter 99");
            assert_eq!(
                error.to_string(),
                "chapter 99 is not here; `cargo xtask list` shows what is"
            );
        }
    }
}
