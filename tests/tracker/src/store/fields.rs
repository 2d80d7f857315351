//! The rules for the fields of a task.

use serde_json::{Map, Value};

use super::{NAMED, Store};
use crate::clock;
use crate::model::Priority;
use crate::problem::Problem;

/// Longest title, in characters.
const TITLE: usize = 200;

/// Longest description, in bytes.
const DESCRIPTION: usize = 1_000_000;

/// Greatest size of a task.
const POINTS: u64 = 100;

/// A task that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewTask {
    pub(crate) project: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) assignee: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) points: u32,
}

impl NewTask {
    /// Reads the fields of a request body and applies the rules to them.
    pub(crate) fn read(body: &Map<String, Value>, store: &Store) -> Result<Self, Problem> {
        let project = string("project", body.get("project").unwrap_or(&Value::Null))?;
        store.open_project(&project)?;
        let mut task = Self {
            project,
            title: String::new(),
            description: String::new(),
            assignee: None,
            due: None,
            priority: Priority::Normal,
            points: 1,
        };
        if !body.contains_key("title") {
            return Err(Problem::invalid("title", "title is missing."));
        }
        for (field, value) in body.iter().filter(|(field, _)| *field != "project") {
            task.set(field, value, store)?;
        }
        Ok(task)
    }

    /// Applies one field of a request body.
    pub(crate) fn set(&mut self, field: &str, value: &Value, store: &Store) -> Result<(), Problem> {
        match field {
            "title" => self.title = title(value)?,
            "description" => self.description = description(value)?,
            "assignee" => self.assignee = assignee(value, &self.project, store)?,
            "due" => self.due = due(value)?,
            "priority" => self.priority = priority(value)?,
            "points" => self.points = points(value)?,
            "state" => {
                return Err(Problem::invalid(
                    field,
                    "state changes by POST /tasks/{task}/transitions only.",
                ));
            }
            _ => {
                let fields = [
                    "title",
                    "description",
                    "assignee",
                    "due",
                    "priority",
                    "points",
                ];
                return Err(
                    Problem::invalid(field, format!("A task has no field {field:?}."))
                        .allowed(fields),
                );
            }
        }
        Ok(())
    }
}

fn title(value: &Value) -> Result<String, Problem> {
    let title = string("title", value)?;
    if title.trim().is_empty() || title.chars().count() > TITLE {
        return Err(Problem::invalid(
            "title",
            format!("A title has 1 to {TITLE} characters, not all of them blank."),
        ));
    }
    Ok(title)
}

fn description(value: &Value) -> Result<String, Problem> {
    let description = string("description", value)?;
    if description.len() > DESCRIPTION {
        return Err(Problem::invalid(
            "description",
            format!("A description has at most {DESCRIPTION} bytes."),
        ));
    }
    Ok(description)
}

fn assignee(value: &Value, project: &str, store: &Store) -> Result<Option<String>, Problem> {
    if value.is_null() {
        return Ok(None);
    }
    let id = string("assignee", value)?;
    let members = store.members.get(project).map_or(&[][..], Vec::as_slice);
    if members.iter().any(|member| member.id == id) {
        return Ok(Some(id));
    }
    let known = members.iter().take(NAMED).map(|member| member.id.as_str());
    Err(Problem::invalid(
        "assignee",
        format!("{id:?} is no member of project {project:?}."),
    )
    .allowed(known))
}

fn due(value: &Value) -> Result<Option<String>, Problem> {
    if value.is_null() {
        return Ok(None);
    }
    let due = string("due", value)?;
    if clock::is_date(&due) {
        return Ok(Some(due));
    }
    Err(Problem::invalid(
        "due",
        format!("{due:?} is not a day that exists, written YYYY-MM-DD."),
    ))
}

fn priority(value: &Value) -> Result<Priority, Problem> {
    one_of(
        "priority",
        &string("priority", value)?,
        &Priority::ALL,
        Priority::name,
    )
}

fn points(value: &Value) -> Result<u32, Problem> {
    value
        .as_u64()
        .filter(|points| *points <= POINTS)
        .and_then(|points| u32::try_from(points).ok())
        .ok_or_else(|| {
            Problem::invalid(
                "points",
                format!("points is a whole number from 0 to {POINTS}."),
            )
        })
}

/// A value that is text.
pub(crate) fn string(field: &str, value: &Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Null => Err(Problem::invalid(field, format!("{field} is missing."))),
        _ => Err(Problem::invalid(field, format!("{field} is a string."))),
    }
}

/// A text that is one of a few names.
pub(crate) fn one_of<T: Copy>(
    field: &str,
    text: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, Problem> {
    all.iter()
        .copied()
        .find(|one| name(*one) == text)
        .ok_or_else(|| {
            let names = all.iter().map(|one| name(*one));
            Problem::invalid(field, format!("{text:?} is no value for {field}.")).allowed(names)
        })
}
