//! A task board in memory.

use serde_json::{Value, json};

/// The states of a task, each with those that it may go to.
const STEPS: [(&str, &[&str]); 3] = [
    ("todo", &["doing"]),
    ("doing", &["todo", "done"]),
    ("done", &["todo"]),
];
/// The projects: id and name.
pub(super) const PROJECTS: [(&str, &str); 3] = [
    ("ATLAS", "Atlas mobile app"),
    ("BEACON", "Beacon status page"),
    ("CEDAR", "Cedar billing"),
];
/// The values of a task's priority.
pub(super) const PRIORITIES: [&str; 3] = ["low", "normal", "high"];

/// The board. What goes wrong is told in a sentence for the model.
#[derive(Debug)]
pub(super) struct Board {
    tasks: Vec<Value>,
    numbers: u64,
}

impl Default for Board {
    fn default() -> Self {
        let task = |id: &str, title: &str, state: &str| {
            let project = id.split('-').next();
            json!({"id": id, "project": project, "title": title, "due": "2027-01-31", "priority": "normal", "state": state})
        };
        Self {
            tasks: vec![
                task("ATLAS-1", "Draw the icons", "todo"),
                task("ATLAS-2", "Sign in by link", "doing"),
                task("ATLAS-3", "Name the app", "done"),
                task("BEACON-1", "Write the first page", "todo"),
            ],
            numbers: 3,
        }
    }
}

impl Board {
    /// All projects.
    pub(super) fn projects() -> Vec<Value> {
        PROJECTS
            .map(|(id, name)| json!({"id": id, "name": name}))
            .to_vec()
    }

    /// The project of this id, or which ids there are.
    pub(super) fn project(id: &str) -> Result<(&'static str, &'static str), String> {
        let ids = PROJECTS.map(|(id, _)| id).join(", ");
        let found = PROJECTS.into_iter().find(|(known, _)| *known == id);
        found.ok_or_else(|| format!("there is no project {id:?}; there are {ids}"))
    }

    /// The tasks of a project.
    pub(super) fn tasks_of(&self, project: &str) -> Result<Vec<Value>, String> {
        Self::project(project)?;
        Ok(self
            .tasks
            .iter()
            .filter(|task| task["project"] == project)
            .cloned()
            .collect())
    }

    /// An id that no other task has or will have.
    pub(super) fn reserve_id(&mut self, project: &str) -> String {
        self.numbers += 1;
        format!("{project}-{}", self.numbers)
    }

    /// Stores a task.
    pub(super) fn store(&mut self, task: &Value) {
        self.tasks.push(task.clone());
    }

    /// Changes one field of a task.
    pub(super) fn set(&mut self, id: &str, field: &str, value: &str) -> Result<Value, String> {
        let task = self.task(id)?;
        task[field] = value.into();
        Ok(task.clone())
    }

    /// Moves a task to another state, if there is such a step.
    pub(super) fn step(&mut self, id: &str, to: &str) -> Result<Value, String> {
        let task = self.task(id)?;
        let from = task["state"].as_str().unwrap_or_default().to_owned();
        let allowed = STEPS
            .iter()
            .find(|(state, _)| *state == from)
            .map_or(&[][..], |(_, next)| next);
        if !allowed.contains(&to) {
            return Err(format!(
                "{id} is {from}: it can go to {}, not to {to:?}",
                allowed.join(" or ")
            ));
        }
        self.set(id, "state", to)
    }

    /// Deletes a task.
    pub(super) fn delete(&mut self, id: &str) -> Result<(), String> {
        self.task(id)?;
        self.tasks.retain(|task| task["id"] != id);
        Ok(())
    }

    fn task(&mut self, id: &str) -> Result<&mut Value, String> {
        let known: Vec<String> = self
            .tasks
            .iter()
            .take(20)
            .filter_map(|task| task["id"].as_str().map(Into::into))
            .collect();
        let found = self.tasks.iter_mut().find(|task| task["id"] == id);
        found.ok_or_else(|| format!("there is no task {id:?}; there are {}", known.join(", ")))
    }
}
