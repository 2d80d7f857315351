//! Making a task, as often as it takes and once.

use std::time::Duration;

use crate::tracker::{NewTask, Task, Tracker, TrackerError};

/// How long to wait before the second attempt, the third, and so on. After the last one it is over.
pub const DELAYS: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(150),
    Duration::from_millis(450),
];

/// Makes one task within `budget`, even if the tracker fails now and then.
///
/// # Errors
/// The tracker refuses the task, or goes on failing until the attempts or the budget are used up.
pub async fn create(
    tracker: &Tracker,
    task: &NewTask,
    budget: Duration,
) -> Result<Task, TrackerError> {
    // Exercise 3.3 begins. Hint: cargo xtask hint 3.3
    let _ = (budget, DELAYS);
    tracker.create_task(task, None).await
    // Exercise 3.3 ends.
}
