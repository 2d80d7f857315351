//! Reading a specification. Nothing is refused here: what is not understood is left out.

use super::{Clause, Criterion, Limit, Operation, Parameter, Section, Specification};

/// The sentence in place of a table of arguments.
const NO_ARGUMENTS: &str = "No arguments.";

/// Reads the text of a specification.
pub fn specification(text: &str) -> Specification {
    let mut reader = Reader::default();
    // Some editors begin a file with a mark that nobody sees.
    let text = text.trim_start_matches('\u{feff}');
    for (line, text) in (1..).zip(text.lines()) {
        reader.line(line, text);
    }
    reader.found.lines = text.lines().count();
    reader.found
}

/// The parts of a text that are not code, code spans taken out.
pub fn prose(text: &str) -> String {
    let parts = text.split('`').step_by(2);
    parts.collect::<Vec<_>>().join(" ")
}

/// Whether `text` holds `name` as a code span of its own.
pub fn names(text: &str, name: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|code| code == name)
}

/// Which section the reader is in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Part {
    #[default]
    Other,
    Operations,
    Limits,
    Criterion,
    NonGoals,
    ChangeLog,
}

#[derive(Default)]
struct Reader {
    found: Specification,
    part: Part,
    in_code: bool,
    /// Whether the head of the table at hand is over.
    in_table: bool,
    /// Which field of the criterion at hand goes on with an indented line.
    field: Option<&'static str>,
}

impl Reader {
    fn line(&mut self, number: usize, text: &str) {
        if text.trim_start().starts_with("```") {
            self.in_code = !self.in_code;
            return;
        }
        if self.in_code {
            return;
        }
        if let Some((level, heading)) = heading(text) {
            self.heading(number, level, heading);
            return;
        }
        match self.part {
            Part::Other => {}
            Part::Operations => self.operation(number, text),
            Part::Limits => self.limit(number, text),
            Part::Criterion => self.criterion(number, text),
            Part::NonGoals => count(self.found.non_goals.as_mut(), text.starts_with("- ")),
            Part::ChangeLog => {
                let row = self.cells(text).is_some();
                count(
                    self.found.change_log.as_mut(),
                    row || text.starts_with("- "),
                );
            }
        }
    }

    fn heading(&mut self, line: usize, level: usize, heading: &str) {
        self.field = None;
        self.in_table = false;
        match level {
            1 if self.found.title.is_none() => self.found.title = Some(heading.to_owned()),
            2 => self.part = self.section(line, heading),
            3 if self.part == Part::Operations => self.found.operations.push(Operation {
                name: heading.trim_matches('`').to_owned(),
                line,
                parameters: None,
            }),
            _ => {}
        }
    }

    fn section(&mut self, line: usize, heading: &str) -> Part {
        let section = Section { line, entries: 0 };
        if heading.starts_with("AC-") {
            let (id, title) = heading.split_once(' ').unwrap_or((heading, ""));
            self.found.criteria.push(Criterion {
                id: id.to_owned(),
                title: title.trim().to_owned(),
                line,
                ..Criterion::default()
            });
            return Part::Criterion;
        }
        match heading.to_lowercase().as_str() {
            "tools" | "prompts" => Part::Operations,
            "limits" => {
                self.found.limits.get_or_insert_default();
                Part::Limits
            }
            "non-goals" => {
                self.found.non_goals = Some(section);
                Part::NonGoals
            }
            "change log" => {
                self.found.change_log = Some(section);
                Part::ChangeLog
            }
            _ => Part::Other,
        }
    }

    fn operation(&mut self, line: usize, text: &str) {
        let row = self.cells(text);
        let Some(operation) = self.found.operations.last_mut() else {
            return;
        };
        if text.trim() == NO_ARGUMENTS {
            operation.parameters.get_or_insert_default();
        }
        let Some(cells) = row else {
            return;
        };
        let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
        operation
            .parameters
            .get_or_insert_default()
            .push(Parameter {
                name: cell(0).trim_matches('`').to_owned(),
                line,
                kind: cell(1),
                limits: cell(2),
                without: cell(3),
                meaning: cell(4),
            });
    }

    fn limit(&mut self, line: usize, text: &str) {
        let row = self.cells(text);
        if let (Some(cells), Some(limits)) = (row, self.found.limits.as_mut()) {
            let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
            limits.push(Limit {
                what: cell(0),
                line,
                limit: cell(1),
            });
        }
    }

    /// The cells of a row, unless it belongs to the head of its table.
    fn cells(&mut self, text: &str) -> Option<Vec<String>> {
        let Some(row) = text.trim().strip_prefix('|') else {
            self.in_table = false;
            return None;
        };
        if row.chars().all(|sign| "|-: ".contains(sign)) {
            self.in_table = true;
            return None;
        }
        let row = row.strip_suffix('|').unwrap_or(row);
        self.in_table
            .then(|| row.split('|').map(|cell| cell.trim().to_owned()).collect())
    }

    fn criterion(&mut self, line: usize, text: &str) {
        let Some(criterion) = self.found.criteria.last_mut() else {
            return;
        };
        if let Some((name, value)) = field(text) {
            self.field = NAMES.into_iter().find(|known| *known == name);
            let clause = Clause {
                line,
                text: value.to_owned(),
            };
            if let Some(place) = self.field.and_then(|name| place(criterion, name)) {
                *place = Some(clause);
            }
        } else if let (true, Some(name)) = (text.starts_with("  "), self.field) {
            if let Some(Some(clause)) = place(criterion, name) {
                clause.text = format!("{} {}", clause.text, text.trim());
            }
        } else {
            self.field = None;
        }
    }
}

/// The fields of a criterion, in their order.
pub(super) const NAMES: [&str; 8] = [
    "Level", "Exercise", "Covers", "Check", "Given", "When", "Then", "Refused",
];

fn place<'a>(criterion: &'a mut Criterion, name: &str) -> Option<&'a mut Option<Clause>> {
    Some(match name {
        "Level" => &mut criterion.level,
        "Exercise" => &mut criterion.exercise,
        "Covers" => &mut criterion.covers,
        "Check" => &mut criterion.check,
        "Given" => &mut criterion.given,
        "When" => &mut criterion.when,
        "Then" => &mut criterion.then,
        "Refused" => &mut criterion.refused,
        _ => return None,
    })
}

/// `- **Name** value`: the name without a colon, and the value. That of a check is a code span.
fn field(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix("- **")?.split_once("**")?;
    let name = name.trim_end_matches(':');
    let value = value.trim_start_matches(':').trim();
    let value = if name == "Check" {
        value.trim_matches('`')
    } else {
        value
    };
    Some((name, value))
}

fn heading(text: &str) -> Option<(usize, &str)> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let heading = text[level..].strip_prefix(' ')?;
    (level > 0).then(|| (level, heading.trim()))
}

fn count(section: Option<&mut Section>, is_entry: bool) {
    if let Some(section) = section {
        section.entries += usize::from(is_entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A server\n\n## Tools\n\n### `find`\n\n| argument | type | limits | without it | what it is |\n\
        | --- | --- | --- | --- | --- |\n| `text` | string | 1 to 9 characters | required | words |\n\n### `list`\n\n\
        No arguments.\n\n## Limits\n\n| what | limit |\n| --- | --- |\n| a call | 5 s |\n\n\
        ## AC-01 Find\n\n- **Level** must\n- **Check:** `ac-01-find`\n- **Then** it is\n  found\n\n\
        ```text\n## Non-goals\n```\n\n## Change log\n\n| version |\n| --- |\n| 1 |\n";

    #[test]
    fn everything_has_its_place_and_its_line() {
        let read = specification(TEXT);
        assert_eq!(read.title.as_deref(), Some("A server"));
        let text = &read.operations[0].parameters.as_ref().expect("a table")[0];
        assert_eq!((text.name.as_str(), text.line), ("text", 9));
        assert_eq!(text.limits, "1 to 9 characters");
        let none = read.operations[1].parameters.as_ref().expect("a sentence");
        assert!(none.is_empty());
        assert_eq!(read.limits.expect("a section")[0].limit, "5 s");
        assert_eq!(read.change_log.map(|section| section.entries), Some(1));
    }

    #[test]
    fn a_field_goes_on_with_an_indented_line() {
        let read = specification(TEXT);
        let criterion = read.criterion("AC-01").expect("it is there");
        assert_eq!(criterion.title, "Find");
        assert!(criterion.is_must());
        assert_eq!(criterion.check_name(), "ac-01-find");
        let then = criterion.then.as_ref().expect("it says what comes out");
        assert_eq!((then.line, then.text.as_str()), (25, "it is found"));
        assert!(criterion.refused.is_none());
    }

    #[test]
    fn what_stands_in_code_is_no_section() {
        assert!(specification(TEXT).non_goals.is_none());
    }

    #[test]
    fn marks_and_line_ends_of_other_systems_change_nothing() {
        let text = format!("\u{feff}{}", TEXT.replace('\n', "\r\n"));
        let (read, plain) = (specification(&text), specification(TEXT));
        assert_eq!(format!("{read:?}"), format!("{plain:?}"));
    }

    #[test]
    fn prose_and_code_are_told_apart() {
        assert_eq!(prose("a `b` c"), "a   c");
        assert!(names("call `find` twice", "find"));
        assert!(!names("find `it`", "find"));
    }
}
