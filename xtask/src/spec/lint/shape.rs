//! What a program needs so that it can read a specification.

use super::{Fault, Findings};
use crate::spec::parse::NAMES;
use crate::spec::{Criterion, Specification};

impl Findings {
    /// Everything that is missing or stands where it cannot be read.
    pub(super) fn shape(&mut self, specification: &Specification) {
        let mut add = |line, what: String, cure: &str| self.add(line, Fault::Shape, what, cure);
        if specification.title.is_none() {
            add(
                1,
                "there is no title".to_owned(),
                "begin with `# ` and what the server is for",
            );
        }
        if specification.operations.is_empty() {
            let cure = "add `## Tools`, and below it a heading such as ### `search_tasks` for each";
            add(1, "there is no tool and no prompt".to_owned(), cure);
        }
        for operation in &specification.operations {
            if operation.parameters.is_none() {
                let what = format!("`{}` does not say what it takes", operation.name);
                let cure = "add a table with the columns argument, type, limits, without it, what it is; \
                    or the sentence: No arguments.";
                add(operation.line, what, cure);
            }
        }
        if specification.criteria.is_empty() {
            add(
                1,
                "there is no criterion".to_owned(),
                "add one, headed `## AC-01 Title`",
            );
        }
        if specification.change_log.is_none_or(|log| log.entries == 0) {
            let line = specification.change_log.map_or(1, |log| log.line);
            add(
                line,
                "there is no change log".to_owned(),
                "end with `## Change log` and a table: version, date, what",
            );
        }
        for (number, criterion) in (1..).zip(&specification.criteria) {
            self.criterion(number, criterion);
        }
    }

    fn criterion(&mut self, number: usize, criterion: &Criterion) {
        let id = &criterion.id;
        let mut add = |line, what: String, cure: String| self.add(line, Fault::Shape, what, &cure);
        let due = format!("AC-{number:02}");
        if *id != due {
            add(
                criterion.line,
                format!("`{id}` stands where `{due}` is due"),
                "number the criteria in their order, with two digits".to_owned(),
            );
        }
        let fields = [
            &criterion.level,
            &criterion.exercise,
            &criterion.covers,
            &criterion.check,
            &criterion.given,
            &criterion.when,
            &criterion.then,
        ];
        for (name, field) in NAMES.into_iter().zip(fields) {
            if field.as_ref().is_none_or(|clause| clause.text.is_empty()) {
                add(
                    criterion.line,
                    format!("{id} has no {name}"),
                    format!("add the line `- **{name}** …`"),
                );
            }
        }
        if let Some(level) = &criterion.level
            && !["must", "should"].contains(&level.text.as_str())
        {
            let what = format!("{id} has the level \"{}\"", level.text);
            add(
                level.line,
                what,
                "write must, if a server that differs is wrong, else should".to_owned(),
            );
        }
        if let Some(check) = &criterion.check {
            let begin = format!("{}-", id.to_lowercase());
            let letters =
                |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
            if !check.text.starts_with(&begin) || !check.text.chars().all(letters) {
                let what = format!("the check of {id} is called \"{}\"", check.text);
                add(
                    check.line,
                    what,
                    format!("begin its name with `{begin}`, small letters, digits and hyphens"),
                );
            }
        }
    }
}
