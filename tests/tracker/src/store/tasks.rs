//! The rules for tasks as a whole. Those for their fields are in `fields`.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::Store;
use super::fields::{NewTask, one_of, string};
use crate::model::{State, Task};
use crate::problem::Problem;

impl Store {
    /// Makes a task.
    pub(crate) fn create_task(&mut self, body: &Map<String, Value>) -> Result<Task, Problem> {
        let new = NewTask::read(body, self)?;
        Ok(self.insert_task(&new))
    }

    /// Makes a task, unless this key has made it already. True if it has.
    pub(crate) fn create_task_once(
        &mut self,
        key: &str,
        body: &Map<String, Value>,
    ) -> Result<(Task, bool), Problem> {
        // Looked up before the rules are asked: the same request gets the same answer, whatever has happened since.
        if let Some((before, task)) = self.keys.get(key) {
            if before == body {
                return Ok((task.clone(), true));
            }
            let detail = "This Idempotency-Key was sent with another body before. Take a new key for a new task.";
            let problem = Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                detail,
            );
            return Err(problem.field("Idempotency-Key"));
        }
        let task = self.create_task(body)?;
        self.keys.insert(key.into(), (body.clone(), task.clone()));
        Ok((task, false))
    }

    pub(crate) fn insert_task(&mut self, new: &NewTask) -> Task {
        let number = self.numbers.entry(new.project.clone()).or_insert(0);
        *number += 1;
        let id = format!("{}-{number}", new.project);
        let now = self.clock.tick();
        let task = Task {
            id,
            project: new.project.clone(),
            title: new.title.clone(),
            description: new.description.clone(),
            state: State::Todo,
            assignee: new.assignee.clone(),
            due: new.due.clone(),
            priority: new.priority,
            points: new.points,
            created: now.clone(),
            updated: now.clone(),
            version: 1,
            order: self.next_order(),
        };
        self.feed
            .push(now, "task.created", &task.project, Some(&task.id));
        self.tasks.push(task.clone());
        task
    }

    /// Changes the given fields of a task.
    pub(crate) fn patch_task(
        &mut self,
        id: &str,
        if_match: Option<&str>,
        body: &Map<String, Value>,
    ) -> Result<Task, Problem> {
        let task = self.task(id)?;
        let Some(if_match) = if_match else {
            let detail =
                "Send If-Match with the ETag that you read, or * to overwrite whatever there is.";
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-required",
                detail,
            )
            .field("If-Match"));
        };
        check_match(task, Some(if_match))?;
        let mut new = NewTask {
            project: task.project.clone(),
            title: task.title.clone(),
            description: task.description.clone(),
            assignee: task.assignee.clone(),
            due: task.due.clone(),
            priority: task.priority,
            points: task.points,
        };
        for (field, value) in body {
            new.set(field, value, self)?;
        }
        self.edit_task(id, |task| {
            task.title = new.title;
            task.description = new.description;
            task.assignee = new.assignee;
            task.due = new.due;
            task.priority = new.priority;
            task.points = new.points;
        });
        self.task(id).cloned()
    }

    /// Moves a task one step of its state machine.
    pub(crate) fn move_task(
        &mut self,
        id: &str,
        if_match: Option<&str>,
        body: &Map<String, Value>,
    ) -> Result<Task, Problem> {
        let task = self.task(id)?;
        if let Some(other) = body.keys().find(|field| *field != "to") {
            return Err(
                Problem::invalid(other, format!("A transition has no field {other:?}."))
                    .allowed(["to"]),
            );
        }
        let name = string("to", body.get("to").unwrap_or(&Value::Null))?;
        let to = one_of("to", &name, &State::ALL, State::name)?;
        check_match(task, if_match)?;
        let from = task.state;
        if !from.allowed().contains(&to) {
            let allowed = from.allowed().iter().map(|state| state.name());
            let detail = format!(
                "Task {id:?} is {}. It cannot become {}.",
                from.name(),
                to.name()
            );
            return Err(Problem::conflict("illegal-transition", detail)
                .field("to")
                .with("state", from.name())
                .allowed(allowed));
        }
        self.edit_task(id, |task| task.state = to);
        self.task(id).cloned()
    }

    /// Deletes a task if it is still what the caller has seen.
    pub(crate) fn delete_task_if(
        &mut self,
        id: &str,
        if_match: Option<&str>,
    ) -> Result<(), Problem> {
        check_match(self.task(id)?, if_match)?;
        self.delete_task(id)
    }

    /// Deletes a task and its attachments.
    pub(crate) fn delete_task(&mut self, id: &str) -> Result<(), Problem> {
        let project = self.task(id)?.project.clone();
        self.tasks.retain(|task| task.id != id);
        self.attachments.retain(|attachment| attachment.task != id);
        let now = self.clock.tick();
        self.feed.push(now, "task.deleted", &project, Some(id));
        Ok(())
    }

    /// Changes a task past the rules; version, time and feed follow. False if there is none.
    pub(crate) fn edit_task(&mut self, id: &str, edit: impl FnOnce(&mut Task)) -> bool {
        let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) else {
            return false;
        };
        let (id, project) = (task.id.clone(), task.project.clone());
        edit(task);
        task.id.clone_from(&id);
        task.project.clone_from(&project);
        task.version += 1;
        task.updated = self.clock.tick();
        self.feed
            .push(task.updated.clone(), "task.updated", &project, Some(&id));
        true
    }
}

/// 412 unless one of the tags in `If-Match` is the task's. Without the header there is nothing to compare.
fn check_match(task: &Task, if_match: Option<&str>) -> Result<(), Problem> {
    let etag = task.etag();
    let matches = |header: &str| {
        header
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag == etag)
    };
    if if_match.is_none_or(matches) {
        return Ok(());
    }
    let detail = format!(
        "Task {:?} has changed since you read it. Read it again, then decide again.",
        task.id
    );
    Err(
        Problem::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", detail)
            .field("If-Match"),
    )
}
