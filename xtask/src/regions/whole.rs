//! A file that is one region from its first line to its last.
//!
//! JSON has no comments, so no marker can stand in it, and a snapshot is written by a program. An exercise names
//! such files in `book/workbook.toml`. What the learner finds there stands in the solution beside the file, under
//! its name with [`ENDING`] behind it; without such a file the learner finds nothing.

use super::{Fill, LearnerRegion, MarkerError, Region, wrong};

/// What the name of a starter ends with, behind the whole name of its file.
pub const ENDING: &str = ".starter";

/// One such file of a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeFile {
    /// The region. Its id is `7.9-file-1`, for the first file of exercise 7.9.
    pub region: Region,
    text: String,
    starter: Option<String>,
}

impl WholeFile {
    /// The file number `number` (from 1) of an exercise. `starter` is none where the learner finds no file.
    ///
    /// # Errors
    /// The solution equals its starter.
    pub fn new(
        exercise: &str,
        number: usize,
        starter: Option<String>,
        text: String,
    ) -> Result<Self, MarkerError> {
        let region = Region {
            id: format!("{exercise}-file-{number}"),
            exercise: exercise.to_owned(),
            indent: String::new(),
            comment: "",
            starter: lines(starter.as_deref().unwrap_or_default()),
            body: lines(&text),
            line: 1,
        };
        if region.body == region.starter {
            return Err(wrong(1, "the solution of this file equals its starter"));
        }
        Ok(Self {
            region,
            text,
            starter,
        })
    }

    /// The text that `fill` asks for; none if there is no such file then.
    pub fn text(&self, fill: Fill) -> Option<&str> {
        match fill {
            Fill::Starter => self.starter.as_deref(),
            Fill::Solved => Some(&self.text),
        }
    }

    /// What the learner has, as a region; `own` is none if there is no file. None if there should be one.
    pub fn learner(&self, own: Option<&str>) -> Option<LearnerRegion> {
        if own.is_none() && self.starter.is_some() {
            return None;
        }
        let body = lines(own.unwrap_or_default());
        Some(LearnerRegion {
            id: self.region.id.clone(),
            begin: 1,
            end: body.len().max(1),
            body,
        })
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(starter: Option<&str>) -> WholeFile {
        let starter = starter.map(str::to_owned);
        WholeFile::new("7.9", 2, starter, "{\n  \"a\": 1\n}\n".to_owned()).expect("they differ")
    }

    #[test]
    fn a_file_is_a_region_of_its_exercise() {
        let given = file(Some("{}\n"));
        assert_eq!(given.region.id, "7.9-file-2");
        assert_eq!(given.region.exercise, "7.9");
        assert_eq!(given.text(Fill::Starter), Some("{}\n"));
        assert_eq!(given.text(Fill::Solved), Some("{\n  \"a\": 1\n}\n"));
        assert_eq!(file(None).text(Fill::Starter), None);
    }

    #[test]
    fn a_missing_file_is_untouched_where_nothing_was_given() {
        let given = file(Some("{}\n"));
        assert_eq!(given.learner(None), None);
        let own = given.learner(Some("{}\r\n")).expect("it is there");
        assert!(own.equals(given.region.lines(Fill::Starter)));
        let made = file(None);
        let none = made.learner(None).expect("there is nothing to miss");
        assert!(none.equals(made.region.lines(Fill::Starter)));
        let solved = made.learner(made.text(Fill::Solved)).expect("it is there");
        assert!(solved.equals(made.region.lines(Fill::Solved)));
        assert_eq!((solved.begin, solved.end), (1, 3));
    }

    #[test]
    fn a_solution_that_changes_nothing_is_refused() {
        let same = "{}\n".to_owned();
        assert!(WholeFile::new("7.9", 1, Some(same.clone()), same).is_err());
    }
}
