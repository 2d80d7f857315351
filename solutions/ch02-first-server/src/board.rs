//! The board: all projects and tasks, and what can be done with them. Nothing here knows of MCP.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::task::{NewTask, Priority, Project, State, Task};

/// What the board refuses to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BoardError {
    /// There is no such project. Holds the ids that there are.
    #[error("there is no such project; project must be one of: {0}")]
    UnknownProject(String),
    /// There is no such task. Holds the ids that there are.
    #[error("there is no such task; id must be one of: {0}")]
    UnknownTask(String),
    /// A task cannot go from the first of these states to the second.
    #[error("a task that is {0} cannot become {1}")]
    IllegalStep(State, State),
}

/// Lets a tool that returns `Result<_, String>` use `?` on the board.
impl From<BoardError> for String {
    fn from(error: BoardError) -> Self {
        error.to_string()
    }
}

/// All tasks, and the last number that each project has given out.
#[derive(Debug, Default)]
pub struct Tasks {
    /// In the order in which they came.
    pub list: Vec<Task>,
    /// By project id. A number is never given out twice, even if its task is deleted.
    pub last_number: HashMap<String, u32>,
}

impl Tasks {
    /// The number that the next task of a project gets. Asking reserves nothing.
    pub fn next_number(&self, project: &str) -> u32 {
        self.last_number.get(project).map_or(1, |last| last + 1)
    }

    fn position(&self, id: &str) -> Result<usize, BoardError> {
        let found = self.list.iter().position(|task| task.id == id);
        found.ok_or_else(|| {
            let known: Vec<&str> = self.list.iter().map(|task| task.id.as_str()).collect();
            BoardError::UnknownTask(known.join(", "))
        })
    }

    fn task(&mut self, id: &str) -> Result<&mut Task, BoardError> {
        self.position(id).map(|index| &mut self.list[index])
    }
}

/// The board, shared by all requests.
#[derive(Debug)]
pub struct Board {
    projects: Vec<Project>,
    // The standard library's lock, not tokio's: it is never held across an await.
    tasks: Mutex<Tasks>,
}

impl Board {
    /// A board with three projects and four tasks.
    pub fn seeded() -> Self {
        let project = |id: &str, name: &str| Project {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let task = |project: &str, number, title: &str, state| Task {
            id: task_id(project, number),
            project: project.to_owned(),
            title: title.to_owned(),
            due: Some("2026-12-01".to_owned()),
            priority: Priority::Normal,
            state,
        };
        let tasks = Tasks {
            list: vec![
                task("ATLAS", 1, "Draw the sign-in screen", State::Todo),
                task("ATLAS", 2, "Keep settings on the phone", State::Doing),
                task("ATLAS", 3, "Choose an icon", State::Done),
                task("BEACON", 1, "Show the last outage", State::Todo),
            ],
            last_number: HashMap::from([("ATLAS".to_owned(), 3), ("BEACON".to_owned(), 1)]),
        };
        Self {
            projects: vec![
                project("ATLAS", "Atlas mobile app"),
                project("BEACON", "Beacon status page"),
                project("CEDAR", "Cedar billing"),
            ],
            tasks: Mutex::new(tasks),
        }
    }

    /// The tasks, for this caller alone until the guard is dropped.
    pub fn tasks(&self) -> MutexGuard<'_, Tasks> {
        // A panic of another holder is no reason to stop: at worst it has left a number unused.
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All projects.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// The project with this id.
    ///
    /// # Errors
    /// There is none.
    pub fn project(&self, id: &str) -> Result<&Project, BoardError> {
        let found = self.projects.iter().find(|project| project.id == id);
        found.ok_or_else(|| {
            let known: Vec<&str> = self
                .projects
                .iter()
                .map(|project| project.id.as_str())
                .collect();
            BoardError::UnknownProject(known.join(", "))
        })
    }

    /// The tasks of one project.
    ///
    /// # Errors
    /// There is no such project.
    pub fn tasks_of(&self, project: &str) -> Result<Vec<Task>, BoardError> {
        self.project(project)?;
        let tasks = self.tasks();
        Ok(tasks
            .list
            .iter()
            .filter(|task| task.project == project)
            .cloned()
            .collect())
    }

    /// Gives a task its id and stores it.
    ///
    /// # Errors
    /// There is no such project.
    pub fn add_task(&self, new: NewTask) -> Result<Task, BoardError> {
        self.project(&new.project)?;
        // One guard from the choice of the number to the end: no other request comes between.
        let mut tasks = self.tasks();
        let number = tasks.next_number(&new.project);
        tasks.last_number.insert(new.project.clone(), number);
        let task = Task {
            id: task_id(&new.project, number),
            project: new.project,
            title: new.title,
            due: Some(new.due),
            priority: new.priority.unwrap_or_default(),
            state: State::Todo,
        };
        tasks.list.push(task.clone());
        Ok(task)
    }

    /// Sets the day on which a task is due.
    ///
    /// # Errors
    /// There is no such task.
    pub fn set_due(&self, id: &str, due: String) -> Result<Task, BoardError> {
        let mut tasks = self.tasks();
        let task = tasks.task(id)?;
        task.due = Some(due);
        Ok(task.clone())
    }

    /// Moves a task on to another state.
    ///
    /// # Errors
    /// There is no such task, or it cannot go there from where it is.
    pub fn move_task(&self, id: &str, to: State) -> Result<Task, BoardError> {
        let mut tasks = self.tasks();
        let task = tasks.task(id)?;
        if !task.state.next().contains(&to) {
            return Err(BoardError::IllegalStep(task.state, to));
        }
        task.state = to;
        Ok(task.clone())
    }

    /// Deletes a task for good.
    ///
    /// # Errors
    /// There is no such task.
    pub fn delete_task(&self, id: &str) -> Result<(), BoardError> {
        let mut tasks = self.tasks();
        let index = tasks.position(id)?;
        tasks.list.remove(index);
        Ok(())
    }
}

/// The id of the task that has this number in its project.
pub fn task_id(project: &str, number: u32) -> String {
    format!("{project}-{number}")
}
