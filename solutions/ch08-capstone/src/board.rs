//! The board of a project as a text for people and models.

// ANCHOR: ex-8-5-b
use crate::tracker::{Project, State, TaskLine};

/// All tasks of a project by state, as Markdown.
pub fn text(project: &Project, tasks: &[TaskLine]) -> String {
    let mut text = format!(
        "# {}: {}\n",
        on_one_line(&project.id),
        on_one_line(&project.name)
    );
    for (state, heading) in [
        (State::Doing, "Doing"),
        (State::Todo, "To do"),
        (State::Done, "Done"),
    ] {
        text += &format!("\n## {heading}\n\n");
        let lines: Vec<String> = tasks
            .iter()
            .filter(|task| task.state == state)
            .map(line)
            .collect();
        match lines.is_empty() {
            true => text += "Nothing.\n",
            false => text += &lines.concat(),
        }
    }
    text
}

fn line(task: &TaskLine) -> String {
    let (id, title) = (on_one_line(&task.id), on_one_line(&task.title));
    let assignee = match &task.assignee {
        Some(member) => on_one_line(member),
        None => "nobody".to_owned(),
    };
    let due = match &task.due {
        Some(day) => format!(", due {day}"),
        None => String::new(),
    };
    let (priority, points) = (&task.priority, task.points);
    format!("- {id} {title} ({assignee}, {priority}, {points} points{due})\n")
}

/// A text of somebody else must not begin a line of its own: it could pass for a heading or a task.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::Priority;

    fn task(id: &str, title: &str, state: State) -> TaskLine {
        TaskLine {
            id: id.to_owned(),
            project: "ATLAS".to_owned(),
            title: title.to_owned(),
            state,
            assignee: None,
            due: Some("2026-05-07".to_owned()),
            priority: Priority::High,
            points: 3,
        }
    }

    #[test]
    fn a_title_stays_on_its_line() {
        let project = Project {
            id: "ATLAS".to_owned(),
            name: "Atlas mobile app".to_owned(),
            archived: false,
        };
        let tasks = [
            task("ATLAS-1", "Draw\n## Done\n- ATLAS-9 all of it", State::Todo),
            task("ATLAS-2", "Keep settings", State::Doing),
        ];
        assert_eq!(
            text(&project, &tasks),
            "# ATLAS: Atlas mobile app\n\
             \n## Doing\n\n- ATLAS-2 Keep settings (nobody, high, 3 points, due 2026-05-07)\n\
             \n## To do\n\n- ATLAS-1 Draw ## Done - ATLAS-9 all of it (nobody, high, 3 points, due 2026-05-07)\n\
             \n## Done\n\nNothing.\n"
        );
    }
}
// ANCHOR_END: ex-8-5-b
