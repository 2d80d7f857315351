//! Reading what a prompt can show of a project. Chapter 4 is about resources; here they are given.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::tracker::{Project, Reply, State, TaskLine, Tracker, TrackerError};
use crate::uri::{self, Target};

/// The media type of both.
pub const MARKDOWN: &str = "text/markdown";

/// What the addresses look like.
pub fn templates() -> Vec<ResourceTemplate> {
    let board = ResourceTemplate::new(uri::BOARD_TEMPLATE, "board")
        .with_title("All tasks of a project, by state");
    let velocity = ResourceTemplate::new(uri::VELOCITY_TEMPLATE, "velocity")
        .with_title("What a project got done, sprint by sprint");
    [board, velocity]
        .map(|template| template.with_mime_type(MARKDOWN))
        .into()
}

/// Reads what an address leads to.
///
/// # Errors
/// There is nothing, or the tracker cannot answer.
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling>
pub async fn read(tracker: &Tracker, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let unknown = || ErrorData::resource_not_found("no such thing", Some(json!({ "uri": uri })));
    let text = match uri::parse(uri).ok_or_else(unknown)? {
        Target::Board(project) => board(tracker, &project).await,
        Target::Velocity(project) => velocity(tracker, &project).await,
    };
    let text = text.map_err(|error| match error {
        TrackerError::Refused { status: 404, .. } => unknown(),
        error => error.into(),
    })?;
    let contents = ResourceContents::text(text, uri).with_mime_type(MARKDOWN);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// All tasks of a project, as Markdown, as they are at this moment.
///
/// # Errors
/// There is no such project, or the tracker cannot answer.
pub async fn board(tracker: &Tracker, project: &str) -> Reply<String> {
    let project = tracker.project(project).await?;
    let tasks = tracker.tasks(&project.id).await?;
    Ok(board_text(&project, &tasks))
}

/// What a project got done, sprint by sprint, as Markdown.
///
/// # Errors
/// There is no such project, or the tracker cannot answer.
pub async fn velocity(tracker: &Tracker, project: &str) -> Reply<String> {
    let velocity = tracker.velocity(project).await?;
    let mut text = format!(
        "# Velocity of {}\n\n| sprint | planned | done |\n| --- | --- | --- |\n",
        on_one_line(project)
    );
    for sprint in &velocity.sprints {
        let (number, planned, done) = (sprint.number, sprint.planned, sprint.done);
        text += &format!("| {number} | {planned} | {done} |\n");
    }
    text += &format!(
        "\nA past sprint brought {} points on average.\n",
        velocity.average
    );
    Ok(text)
}

fn board_text(project: &Project, tasks: &[TaskLine]) -> String {
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
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: &str, title: &str, state: State) -> TaskLine {
        TaskLine {
            id: id.to_owned(),
            project: "ATLAS".to_owned(),
            title: title.to_owned(),
            state,
            assignee: None,
            due: Some("2026-05-07".to_owned()),
            priority: "high".to_owned(),
            points: 3,
        }
    }

    #[test]
    fn a_title_stays_on_its_line() {
        let project = Project {
            id: "ATLAS".to_owned(),
            name: "Atlas mobile app".to_owned(),
        };
        let tasks = [
            task("ATLAS-1", "Draw\n## Done\n- ATLAS-9 all of it", State::Todo),
            task("ATLAS-2", "Keep settings", State::Doing),
        ];
        assert_eq!(
            board_text(&project, &tasks),
            "# ATLAS: Atlas mobile app\n\
             \n## Doing\n\n- ATLAS-2 Keep settings (nobody, high, 3 points, due 2026-05-07)\n\
             \n## To do\n\n- ATLAS-1 Draw ## Done - ATLAS-9 all of it (nobody, high, 3 points, due 2026-05-07)\n\
             \n## Done\n\nNothing.\n"
        );
    }
}
