//! 2.1 Register a tool.

use serde_json::json;

use super::field_names;
use crate::harness::{Check, Context, Tool, Verdict, ensure, short, wrong};

const EXERCISE: &str = "2.1";
/// Tools that were there before the exercise.
const GIVEN: [&str; 7] = [
    "add_task",
    "list_tasks",
    "set_due",
    "delete_task",
    "report_bug",
    "project_summary",
    "move_task",
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("list-projects-listed", EXERCISE, listed)
            .says("tools/list names `list_projects` once, with a description.")
            .why(
                "A router that is not merged serves nothing: the tool is in the program, and no client can see it.",
                "specification 2026-07-28, server/tools, Listing Tools",
            )
            .leaves_no_trace(),
        Check::new("list-projects-answers", EXERCISE, answers)
            .says("`list_projects` answers with the projects of the board.")
            .why(
                "The other tools ask for ids of projects; this is where a model finds them.",
                "specification 2026-07-28, server/tools, Calling Tools",
            )
            .leaves_no_trace(),
        Check::new("given-tools-stay", EXERCISE, given_tools)
            .says("The tools that were there before are still listed and answer.")
            .why(
                "Routers are added to each other. Putting one in the place of another takes tools away.",
                "specification 2026-07-28, server/tools, Listing Tools",
            )
            .leaves_no_trace(),
    ]
}

async fn listed(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tools = server.tools().await?;
    let names = tools.iter().map(Tool::name);
    let got = format!("tools: {}", short::list(names));
    let found: Vec<&Tool> = tools
        .iter()
        .filter(|tool| tool.name() == "list_projects")
        .collect();
    let tool = match found[..] {
        [tool] => tool,
        _ => {
            return Err(wrong(match found.len() {
                0 => "The tool `list_projects` is not listed.".into(),
                count => format!("The tool `list_projects` is listed {count} times."),
            })
            .sent("tools/list")
            .expected("one tool named `list_projects` among the others")
            .got(got)
            .into());
        }
    };
    ensure(!tool.description().trim().is_empty(), || {
        tool.wrong("`list_projects` has no description.")
            .expected("a description, from which a model learns when to call it")
            .got(format!(
                "a tool with {}",
                short::list(field_names(tool.json()))
            ))
            .why("A model chooses among tools by their descriptions: without one it has only the name to go by.")
    })?;
    Ok(())
}

async fn answers(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server.call("list_projects", json!({})).await?;
    let result = reply.tool_success()?;
    let data = result.data()?;
    let projects = data["projects"].as_array().or_else(|| data.as_array());
    let ids: Vec<&str> = projects
        .into_iter()
        .flatten()
        .filter_map(|project| project["id"].as_str())
        .collect();
    let named = projects
        .into_iter()
        .flatten()
        .all(|project| project["name"].is_string());
    ensure(
        named
            && ["ATLAS", "BEACON", "CEDAR"]
                .iter()
                .all(|id| ids.contains(id)),
        || {
            result
                .wrong("`list_projects` does not tell the projects of the board.")
                .expected(
                    "a list `projects` with the ids ATLAS, BEACON and CEDAR, each with its `name`",
                )
        },
    )?;
    Ok(())
}

async fn given_tools(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tools = server.tools().await?;
    let names: Vec<&str> = tools.iter().map(Tool::name).collect();
    let missing: Vec<&str> = GIVEN
        .into_iter()
        .filter(|name| !names.contains(name))
        .collect();
    ensure(missing.is_empty(), || {
        wrong(format!("No longer listed: {}.", short::list(missing)))
            .sent("tools/list")
            .expected(format!("also {}", short::list(GIVEN)))
            .got(format!("tools: {}", short::list(names)))
    })?;
    server
        .call("list_tasks", json!({"project": "ATLAS"}))
        .await?
        .tool_success()?;
    Ok(())
}
