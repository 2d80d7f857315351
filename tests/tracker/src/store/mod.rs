//! The data of one tracker, and the rules that hold for it. No HTTP here beyond the problems that a rule may answer with.

mod fields;
mod imports;
mod tasks;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::feed::Feed;
use crate::model::{Attachment, Import, Member, Priority, Project, State, Task};
use crate::problem::Problem;
use crate::seed;

use fields::NewTask;

/// A problem names at most so many ids that do exist.
const NAMED: usize = 20;

/// Everything that is kept. Lists stand in the order in which their items were made.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) clock: Clock,
    pub(crate) feed: Feed,
    pub(crate) projects: Vec<Project>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) members: BTreeMap<String, Vec<Member>>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) imports: Vec<Import>,
    /// Tasks made so far, for each project: a number is never given twice.
    numbers: BTreeMap<String, u64>,
    /// Requests that were sent with an Idempotency-Key, and the task that each of them made.
    keys: BTreeMap<String, (Map<String, Value>, Task)>,
    made: u64,
    attached: u64,
}

impl Store {
    /// The data that every tracker starts with.
    pub(crate) fn seeded(changes_kept: usize) -> Self {
        // Made once: a check starts a tracker for each of its runs, and a copy is much cheaper.
        static SEED: LazyLock<Store> = LazyLock::new(Store::seed);
        Self {
            feed: Feed::new(changes_kept),
            ..SEED.clone()
        }
    }

    fn seed() -> Self {
        let mut store = Self {
            clock: Clock::for_seed(),
            // The seed is no change: whoever reads the feed from its beginning sees what happened since.
            feed: Feed::new(0),
            projects: Vec::new(),
            tasks: Vec::new(),
            members: BTreeMap::new(),
            attachments: Vec::new(),
            imports: Vec::new(),
            numbers: BTreeMap::new(),
            keys: BTreeMap::new(),
            made: 0,
            attached: 0,
        };
        seed::fill(&mut store);
        store.clock = Clock::new();
        store
    }

    pub(crate) fn project(&self, id: &str) -> Result<&Project, Problem> {
        self.projects
            .iter()
            .find(|project| project.id == id)
            .ok_or_else(|| {
                let known = self
                    .projects
                    .iter()
                    .take(NAMED)
                    .map(|project| project.id.as_str());
                Problem::not_found("project", id).allowed(known)
            })
    }

    /// The project that a body names for new tasks: it must exist and must not be archived.
    fn open_project(&self, id: &str) -> Result<&Project, Problem> {
        let known = self.projects.iter().find(|project| project.id == id);
        let project = known.ok_or_else(|| {
            let ids = self
                .projects
                .iter()
                .take(NAMED)
                .map(|project| project.id.as_str());
            Problem::invalid("project", format!("There is no project {id:?}.")).allowed(ids)
        })?;
        if project.archived {
            let detail = format!("Project {id:?} is archived and takes no new tasks.");
            return Err(Problem::conflict("project-archived", detail).field("project"));
        }
        Ok(project)
    }

    pub(crate) fn task(&self, id: &str) -> Result<&Task, Problem> {
        self.tasks.iter().find(|task| task.id == id).ok_or_else(|| {
            // The ids of the same project help most.
            let project = id.rsplit_once('-').map_or(id, |(project, _)| project);
            let known: Vec<&str> = self
                .tasks
                .iter()
                .filter(|task| task.project == project)
                .take(NAMED)
                .map(|task| task.id.as_str())
                .collect();
            let problem = Problem::not_found("task", id);
            if known.is_empty() {
                problem
            } else {
                problem.allowed(known)
            }
        })
    }

    pub(crate) fn members_of(&self, project: &str) -> Result<&[Member], Problem> {
        self.project(project)?;
        Ok(self.members.get(project).map_or(&[], Vec::as_slice))
    }

    /// Adds a project. False if the id is taken.
    pub(crate) fn add_project(&mut self, id: &str, name: &str) -> bool {
        if self.project(id).is_ok() {
            return false;
        }
        let (order, updated) = (self.next_order(), self.clock.tick());
        self.feed.push(updated.clone(), "project.created", id, None);
        self.projects.push(Project {
            id: id.into(),
            name: name.into(),
            description: format!("Everything about {name}."),
            archived: false,
            updated,
            order,
        });
        true
    }

    /// Archives a project; a second time changes nothing.
    pub(crate) fn archive_project(&mut self, id: &str) -> Result<Project, Problem> {
        if !self.project(id)?.archived {
            let now = self.clock.tick();
            for project in self.projects.iter_mut().filter(|project| project.id == id) {
                project.archived = true;
                project.updated.clone_from(&now);
            }
            self.feed.push(now, "project.updated", id, None);
        }
        self.project(id).cloned()
    }

    /// Deletes an archived project with all that belongs to it.
    pub(crate) fn delete_project(&mut self, id: &str) -> Result<(), Problem> {
        if !self.project(id)?.archived {
            let detail =
                format!("Project {id:?} is not archived. Only an archived project can be deleted.");
            return Err(Problem::conflict("not-archived", detail).field("project"));
        }
        let tasks: Vec<String> = self
            .tasks
            .iter()
            .filter(|task| task.project == id)
            .map(|task| task.id.clone())
            .collect();
        for task in tasks {
            self.delete_task(&task)?;
        }
        self.projects.retain(|project| project.id != id);
        self.members.remove(id);
        let now = self.clock.tick();
        self.feed.push(now, "project.deleted", id, None);
        Ok(())
    }

    /// Adds a member to a project.
    pub(crate) fn add_member(&mut self, project: &str, id: &str, name: &str, role: &str) {
        let member = Member {
            id: id.into(),
            name: name.into(),
            role: role.into(),
            order: self.next_order(),
        };
        self.members.entry(project.into()).or_default().push(member);
    }

    /// Adds a member as a colleague would. False if there is no such project, or it has a member with this id.
    pub(crate) fn welcome_member(&mut self, project: &str, id: &str, name: &str) -> bool {
        let mut known = self.members.get(project).into_iter().flatten();
        if self.project(project).is_err() || known.any(|member| member.id == id) {
            return false;
        }
        self.add_member(project, id, name, "developer");
        let now = self.clock.tick();
        self.feed.push(now, "members.updated", project, None);
        true
    }

    /// Gives a member another name. False if there is no such member.
    pub(crate) fn rename_member(&mut self, project: &str, id: &str, name: &str) -> bool {
        let member = self
            .members
            .get_mut(project)
            .and_then(|members| members.iter_mut().find(|member| member.id == id));
        let Some(member) = member else { return false };
        member.name = name.into();
        let now = self.clock.tick();
        self.feed.push(now, "members.updated", project, None);
        true
    }

    pub(crate) fn attachment(&self, task: &str, id: &str) -> Result<&Attachment, Problem> {
        self.task(task)?;
        let own = || {
            self.attachments
                .iter()
                .filter(|attachment| attachment.task == task)
        };
        own().find(|attachment| attachment.id == id).ok_or_else(|| {
            let known = own().take(NAMED).map(|attachment| attachment.id.as_str());
            Problem::not_found("attachment", id).allowed(known)
        })
    }

    /// Stores a file with a task.
    pub(crate) fn attach(
        &mut self,
        task: &str,
        name: &str,
        media_type: &str,
        bytes: Vec<u8>,
    ) -> Result<Attachment, Problem> {
        let project = self.task(task)?.project.clone();
        self.attached += 1;
        let attachment = Attachment {
            id: format!("att-{}", self.attached),
            name: name.into(),
            media_type: media_type.into(),
            size: bytes.len(),
            updated: self.clock.tick(),
            task: task.into(),
            bytes,
        };
        self.feed.push(
            attachment.updated.clone(),
            "task.updated",
            &project,
            Some(task),
        );
        self.attachments.push(attachment.clone());
        Ok(attachment)
    }

    /// Points of all tasks of a project, and of those that are done.
    pub(crate) fn points(&self, project: &str) -> Result<(u32, u32), Problem> {
        self.project(project)?;
        let sum = |counts: fn(&Task) -> bool| {
            self.tasks
                .iter()
                .filter(|task| task.project == project && counts(task))
                .map(|task| task.points)
                .sum()
        };
        Ok((sum(|_| true), sum(|task| task.state == State::Done)))
    }

    /// Adds a task without asking the rules: the seed and the checks plant what they need.
    pub(crate) fn plant_task(
        &mut self,
        project: &str,
        title: &str,
        description: &str,
    ) -> Option<String> {
        self.project(project).ok()?;
        let task = NewTask {
            project: project.into(),
            title: title.into(),
            description: description.into(),
            assignee: None,
            due: None,
            priority: Priority::Normal,
            points: 1,
        };
        Some(self.insert_task(&task).id)
    }

    fn next_order(&mut self) -> u64 {
        self.made += 1;
        self.made
    }
}
