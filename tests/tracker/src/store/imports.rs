//! The rules for imports.

use serde_json::{Map, Value};

use super::Store;
use super::fields::NewTask;
use crate::model::{Import, ImportState, Priority};
use crate::problem::Problem;

/// Most rows of one import.
const ROWS: u64 = 100_000;

impl Store {
    /// Begins an import.
    pub(crate) fn start_import(&mut self, body: &Map<String, Value>) -> Result<Import, Problem> {
        if let Some(other) = body
            .keys()
            .find(|field| *field != "project" && *field != "rows")
        {
            let problem = Problem::invalid(other, format!("An import has no field {other:?}."));
            return Err(problem.allowed(["project", "rows"]));
        }
        let Some(project) = body.get("project").and_then(Value::as_str) else {
            return Err(Problem::invalid("project", "project is a string."));
        };
        self.open_project(project)?;
        let rows = body
            .get("rows")
            .and_then(Value::as_u64)
            .filter(|rows| (1..=ROWS).contains(rows));
        let Some(total) = rows else {
            return Err(Problem::invalid(
                "rows",
                format!("rows is a whole number from 1 to {ROWS}."),
            ));
        };
        let import = Import {
            id: format!("imp-{}", self.imports.len() + 1),
            project: project.into(),
            state: ImportState::Running,
            done: 0,
            total,
            created: self.clock.tick(),
        };
        self.imports.push(import.clone());
        Ok(import)
    }

    pub(crate) fn import(&self, id: &str) -> Result<&Import, Problem> {
        self.imports
            .iter()
            .find(|import| import.id == id)
            .ok_or_else(|| Problem::not_found("import", id))
    }

    /// Stops an import; a second time changes nothing.
    pub(crate) fn cancel_import(&mut self, id: &str) -> Result<Import, Problem> {
        if self.import(id)?.state == ImportState::Done {
            let detail =
                format!("Import {id:?} is done already. Its tasks can be deleted one by one.");
            return Err(Problem::conflict("import-done", detail).field("import"));
        }
        for import in self.imports.iter_mut().filter(|import| import.id == id) {
            import.state = ImportState::Cancelled;
        }
        self.import(id).cloned()
    }

    /// Does up to `rows` more rows of an import. False if it no longer runs.
    pub(crate) fn advance_import(&mut self, id: &str, rows: u64) -> bool {
        let Some(at) = self.imports.iter().position(|import| import.id == id) else {
            return false;
        };
        let import = self.imports[at].clone();
        if import.state != ImportState::Running {
            return false;
        }
        if self.project(&import.project).is_err() {
            // The project was deleted under the import.
            self.imports[at].state = ImportState::Cancelled;
            return false;
        }
        let done = import.total.min(import.done + rows);
        for row in import.done + 1..=done {
            self.insert_task(&row_as_task(&import, row));
        }
        self.imports[at].done = done;
        if done == import.total {
            self.imports[at].state = ImportState::Done;
        }
        done < import.total
    }

    /// Does up to `rows` more rows of every running import.
    pub(crate) fn advance_all_imports(&mut self, rows: u64) {
        let ids: Vec<String> = self
            .imports
            .iter()
            .map(|import| import.id.clone())
            .collect();
        for id in ids {
            self.advance_import(&id, rows);
        }
    }
}

fn row_as_task(import: &Import, row: u64) -> NewTask {
    NewTask {
        project: import.project.clone(),
        title: format!("Row {row} of {}", import.id),
        description: String::new(),
        assignee: None,
        due: None,
        priority: Priority::Normal,
        points: 1,
    }
}
