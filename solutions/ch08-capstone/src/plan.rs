//! The rule by which tasks are spread over milestones. It knows nothing of MCP, and asks nobody.

// ANCHOR: ex-8-3-c
use std::cmp::Reverse;

use crate::tracker::{State, TaskLine};

/// So many tasks are in one plan at most.
pub const MOST_TASKS: usize = 20;

/// Where tasks go.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// The places of tasks among those that were given, for each milestone.
    pub milestones: Vec<Vec<usize>>,
    /// The places of open tasks that fit nowhere.
    pub left: Vec<usize>,
}

/// Spreads the open ones of `tasks` over `count` milestones that hold `capacity` points each.
pub fn plan(tasks: &[TaskLine], count: usize, capacity: u32) -> Plan {
    let mut open: Vec<usize> = (0..tasks.len())
        .filter(|place| tasks[*place].state != State::Done)
        .collect();
    // A stable sort: what is equal stays in the tracker's order.
    open.sort_by_key(|place| {
        let task = &tasks[*place];
        // `None` is less than any day, and tasks without a day come last.
        (task.priority, Reverse(task.due.is_some()), &task.due)
    });
    let mut milestones = vec![Vec::new(); count];
    let mut room = vec![capacity; count];
    let mut left = Vec::new();
    for (rank, place) in open.into_iter().enumerate() {
        let points = tasks[place].points;
        let fits = room.iter().position(|room| points <= *room);
        match fits.filter(|_| rank < MOST_TASKS) {
            Some(first) => {
                room[first] -= points;
                milestones[first].push(place);
            }
            None => left.push(place),
        }
    }
    Plan { milestones, left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::Priority;

    fn task(priority: Priority, due: Option<&str>, points: u32, state: State) -> TaskLine {
        TaskLine {
            id: String::new(),
            project: "ATLAS".to_owned(),
            title: "Draw".to_owned(),
            state,
            assignee: None,
            due: due.map(str::to_owned),
            priority,
            points,
        }
    }

    #[test]
    fn what_is_urgent_comes_first_and_goes_where_it_fits() {
        let tasks = [
            task(Priority::Low, Some("2026-05-01"), 3, State::Todo),
            task(Priority::High, None, 5, State::Todo),
            task(Priority::High, Some("2026-05-09"), 5, State::Doing),
            task(Priority::Normal, None, 8, State::Done),
            task(Priority::Normal, None, 11, State::Todo),
            task(Priority::Normal, None, 6, State::Todo),
        ];
        let planned = plan(&tasks, 2, 10);
        // Both high ones fill the first; 11 points fit nowhere; 6 and 3 go into the second.
        assert_eq!(planned.milestones, [vec![2, 1], vec![5, 0]]);
        assert_eq!(planned.left, [4]);
    }

    #[test]
    fn a_plan_has_a_last_task() {
        let tasks = vec![task(Priority::Normal, None, 0, State::Todo); 25];
        let planned = plan(&tasks, 1, 10);
        assert_eq!(planned.milestones[0].len(), MOST_TASKS);
        assert_eq!(planned.left, [20, 21, 22, 23, 24]);
    }

    #[test]
    fn nothing_open_is_nothing_planned() {
        let tasks = [task(Priority::High, None, 1, State::Done)];
        let planned = plan(&tasks, 2, 10);
        assert!(planned.milestones.iter().all(Vec::is_empty));
        assert!(planned.left.is_empty());
    }
}
// ANCHOR_END: ex-8-3-c
