//! Reporting a bug: the one change to the board that waits for somebody else.

use crate::audit::audit;
use crate::board::{Board, BoardError, Priority, State, Task, task_id};

/// Chooses an id, tells it to the audit log, and then stores the bug.
///
/// # Errors
/// There is no such project.
pub async fn report(board: &Board, project: &str, title: String) -> Result<Task, BoardError> {
    board.project(project)?;
    let bug = |id| Task {
        id,
        project: project.to_owned(),
        title,
        due: None,
        priority: Priority::High,
        state: State::Todo,
    };
    // STARTER 2.4: let number = board.tasks().next_number(project);
    // STARTER 2.4: let task = bug(task_id(project, number));
    // STARTER 2.4: audit(&task.id).await;
    // STARTER 2.4: let mut tasks = board.tasks();
    // STARTER 2.4: tasks.last_number.insert(project.to_owned(), number);
    // STARTER 2.4: tasks.list.push(task.clone());
    // STARTER 2.4: Ok(task)
    // ANCHOR: ex-2-4
    let number = {
        let mut tasks = board.tasks();
        let number = tasks.next_number(project);
        // Taken from here on: no other call can choose it while this one waits.
        tasks.last_number.insert(project.to_owned(), number);
        number
    }; // The guard ends here. Held across the await, it would let one call in at a time.
    let task = bug(task_id(project, number));
    audit(&task.id).await;
    board.tasks().list.push(task.clone());
    Ok(task)
    // ANCHOR_END: ex-2-4
}
