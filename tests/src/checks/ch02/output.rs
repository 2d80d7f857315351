//! 2.5 Return data.

use serde_json::{Value, json};

use super::board::{new_task, tasks};
use super::field_names;
use crate::harness::schema::validate;
use crate::harness::{Check, Context, Reply, Server, Tool, Verdict, ensure, short};

const EXERCISE: &str = "2.5";
const SOURCE: &str = "specification 2026-07-28, server/tools, Structured Content";
const STATES: [&str; 3] = ["todo", "doing", "done"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("summary-schema", EXERCISE, schema)
            .says("`project_summary` publishes the schema of its result, an object.")
            .why(
                "With an output schema a program knows what comes back before it calls. Clients of the legacy era \
                 take nothing but an object at its root.",
                "specification 2026-07-28, server/tools, Output Schema",
            )
            .leaves_no_trace(),
        Check::new("summary-data", EXERCISE, data)
            .says("`project_summary` answers with `structuredContent` that fits its schema.")
            .why(
                "A server that gives an output schema MUST answer with structured results that fit it. JSON in a \
                 string is text: no program knows what is in it.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("summary-text", EXERCISE, text)
            .says("The same data stands in a text block as JSON.")
            .why(
                "Older clients read text only: a tool with structured content SHOULD also give it as JSON in a text block.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("summary-figures", EXERCISE, figures)
            .says("The figures of `project_summary` are those of the board, also after a change.")
            .why(
                "A program that draws bars from these figures does not look at the tasks again.",
                "specification 2026-07-28, server/tools, Calling Tools",
            ),
    ]
}

async fn ask(ctx: &Context) -> Verdict<(Tool, Reply)> {
    let server = ctx.start().await?;
    let tool = server.tool("project_summary").await?;
    let reply = server
        .call("project_summary", json!({"project": "ATLAS"}))
        .await?;
    Ok((tool, reply))
}

async fn schema(ctx: Context) -> Verdict {
    let (tool, _) = ask(&ctx).await?;
    let Some(schema) = tool.output_schema() else {
        return Err(tool
            .wrong("`project_summary` has no output schema.")
            .expected("an `outputSchema`")
            .got(format!(
                "a tool with {}",
                short::list(field_names(tool.json()))
            ))
            .into());
    };
    ensure(schema["type"] == "object", || {
        tool.wrong("The output schema does not describe an object.")
            .expected("`\"type\": \"object\"` at the root")
            .got(format!("outputSchema {}", short::json(schema)))
    })?;
    Ok(())
}

async fn data(ctx: Context) -> Verdict {
    let (tool, reply) = ask(&ctx).await?;
    let result = reply.tool_success()?;
    let Some(structured) = result.structured().filter(|value| value.is_object()) else {
        let what = match result.structured() {
            None => "The result has no `structuredContent`.",
            Some(_) => "The `structuredContent` is no object.",
        };
        return Err(result
            .wrong(what)
            .expected("result.structuredContent, an object")
            .into());
    };
    if let Some(schema) = tool.output_schema() {
        validate(schema, structured).map_err(|problem| {
            result
                .wrong("The `structuredContent` does not fit the tool's own output schema.")
                .expected("data that fits `outputSchema`")
                .note(format!("What does not fit: {problem}"))
        })?;
    }
    Ok(())
}

async fn text(ctx: Context) -> Verdict {
    let (_, reply) = ask(&ctx).await?;
    let result = reply.tool_success()?;
    let expected = "a text block that parses to the same JSON as `structuredContent`";
    let Some(structured) = result.structured() else {
        let what = "There is no `structuredContent` that a text block could repeat.";
        return Err(result.wrong(what).expected(expected).into());
    };
    let repeated = result
        .texts()
        .iter()
        .filter_map(|text| serde_json::from_str::<Value>(text).ok())
        .any(|value| value == *structured);
    ensure(repeated, || {
        result
            .wrong("No text block holds the same data as `structuredContent`.")
            .expected(expected)
    })?;
    Ok(())
}

async fn figures(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for project in ["ATLAS", "BEACON", "CEDAR"] {
        judge_figures(&server, project, "").await?;
    }
    server
        .call("add_task", new_task("Water the plants"))
        .await?
        .tool_success()?;
    judge_figures(&server, "ATLAS", " after a task was added").await
}

/// Compares a summary with the tasks that `list_tasks` tells; `when` is told with what is wrong.
async fn judge_figures(server: &Server, project: &str, when: &str) -> Verdict {
    let listed = tasks(server, project).await?;
    let right = STATES.map(|state| {
        let count = listed.values().filter(|task| task["state"] == state);
        count.count() as u64
    });
    let reply = server
        .call("project_summary", json!({"project": project}))
        .await?;
    let result = reply.tool_success()?;
    let summary = result.data()?;
    let got = STATES.map(|state| summary[state].as_u64());
    ensure(
        summary["project"] == project && got == right.map(Some),
        || {
            let [todo, doing, done] = right;
            result
                .wrong(format!("The summary of {project} is not right{when}."))
                .expected(format!(
                    "project {project}, with todo = {todo}, doing = {doing} and done = {done}, as `list_tasks` has them"
                ))
        },
    )?;
    ensure(summary["name"].is_string(), || {
        result
            .wrong(format!("The summary of {project} has no name."))
            .expected("`name`, what people call the project")
    })?;
    Ok(())
}
