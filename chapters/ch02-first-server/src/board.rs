//! The board: projects, their tasks, and the rules for both. Nothing here knows of MCP.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody works on it yet.
    Todo,
    /// Somebody works on it.
    Doing,
    /// It is finished.
    Done,
}

impl State {
    /// The states that a task may go to from this one.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Todo => &[Self::Doing],
            Self::Doing => &[Self::Todo, Self::Done],
            Self::Done => &[Self::Todo],
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        })
    }
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before the others.
    High,
}

/// Something the team works on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Project {
    /// Short and unique, such as `ATLAS`.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Task {
    /// The project's id and a number, such as `ATLAS-1`.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// The day it is due, as YYYY-MM-DD; none for a bug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// How far it has come.
    pub state: State,
}

/// A task before it has an id.
#[derive(Debug, Clone, Deserialize)]
pub struct NewTask {
    /// The id of its project.
    pub project: String,
    /// What is to be done.
    pub title: String,
    /// The day it is due, as YYYY-MM-DD.
    pub due: String,
    /// How urgent it is; normal if nobody says.
    pub priority: Option<Priority>,
}

impl NewTask {
    /// Reads a task from the arguments of a tool, whatever their type: only the field names count.
    ///
    /// # Errors
    /// A field is missing, or its value does not fit.
    pub fn from_arguments(arguments: &impl Serialize) -> Result<Self, String> {
        serde_json::to_value(arguments)
            .and_then(serde_json::from_value)
            .map_err(|error| format!("the arguments make no task: {error}"))
    }
}

/// What the board refuses to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BoardError {
    /// There is no such project. Holds the ids that there are.
    #[error("there is no such project; project must be one of: {0}")]
    UnknownProject(String),
    /// There is no such task. Holds the ids that there are.
    #[error("there is no such task; id must be one of: {0}")]
    UnknownTask(String),
    /// A task cannot go from one of these states to the other.
    #[error("a task that is {from} cannot become {to}")]
    IllegalStep {
        /// The state of the task.
        from: State,
        /// The state it was to go to.
        to: State,
    },
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
        let from = task.state;
        if !from.next().contains(&to) {
            return Err(BoardError::IllegalStep { from, to });
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

/// Whether this is a day of the calendar, written YYYY-MM-DD.
pub fn is_date(text: &str) -> bool {
    // Parsing alone would let `2026-1-5` pass.
    text.len() == 10
        && text
            .parse::<chrono::NaiveDate>()
            .is_ok_and(|day| day.to_string() == text)
}
