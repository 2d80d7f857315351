//! 8.2: what tools there are, as a client sees them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shared::{protocol_error, same};
use crate::harness::{Check, Context, Tool, Verdict, ensure, protocol, schema};

const EXERCISE: &str = "8.2";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-05-tool-list", EXERCISE, list)
            .says("The list holds the nine tools with their arguments, object schemas and hints, and no other tool can be called.")
            .why(
                "A client decides by the hints whether it asks a person, and a model by the schema what it may send.",
                "specification of the server, AC-05",
            ),
    ]
}

/// What a tool does, as its hints say it.
#[derive(Debug, Clone, Copy)]
enum Effect {
    Reads,
    Writes { destroys: bool, repeatable: bool },
}

/// A tool of the specification: its arguments, those that are required first.
struct Row {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    effect: Effect,
}

const ADDS: Effect = Effect::Writes {
    destroys: false,
    repeatable: false,
};
const SETS: Effect = Effect::Writes {
    destroys: false,
    repeatable: true,
};
const DESTROYS: Effect = Effect::Writes {
    destroys: true,
    repeatable: true,
};

/// The tables of the section on tools.
const TOOLS: [Row; 9] = [
    row("list_projects", &[], &[], Effect::Reads),
    row(
        "search_tasks",
        &[],
        &["filter", "limit", "cursor"],
        Effect::Reads,
    ),
    row("get_task", &["task"], &["from"], Effect::Reads),
    row(
        "create_task",
        &["project", "title"],
        &[
            "description",
            "assignee",
            "due",
            "priority",
            "points",
            "request_key",
        ],
        ADDS,
    ),
    row("transition_task", &["task", "to"], &["etag"], ADDS),
    row(
        "plan_milestones",
        &["project", "first_due"],
        &["every_days", "count"],
        Effect::Reads,
    ),
    row("apply_plan", &["plan"], &[], SETS),
    row("import_tasks", &["project", "rows"], &[], ADDS),
    row("delete_task", &["task"], &[], DESTROYS),
];

const fn row(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    effect: Effect,
) -> Row {
    Row {
        name,
        required,
        optional,
        effect,
    }
}

/// The fields of `filter`, and those of `filter.due`.
const FILTER: [&str; 5] = ["project", "state", "assignee", "text", "due"];
const DUE: [&str; 2] = ["from", "to"];

async fn list(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tools = server.tools().await?;
    let listed: BTreeSet<&str> = tools.iter().map(Tool::name).collect();
    let right: BTreeSet<&str> = TOOLS.iter().map(|row| row.name).collect();
    let what = "The tools are not those of the specification.";
    same(&listed, &right, what, "tools/list")?;
    same(
        &tools.len(),
        &TOOLS.len(),
        "A tool is listed twice.",
        "tools/list",
    )?;
    for row in &TOOLS {
        let tool = Tool::named(row.name, &tools)?;
        roots(tool)?;
        arguments(tool, row)?;
        hints(tool, row.effect)?;
    }
    let search = Tool::named("search_tasks", &tools)?;
    let root = search.input_schema();
    let filter = schema::property(root, "filter").unwrap_or(&Value::Null);
    fields(search, root, filter, &FILTER, "filter")?;
    let due = of_layers(root, filter, "due").unwrap_or(&Value::Null);
    fields(search, root, due, &DUE, "filter.due")?;

    let reply = server.call("drop_everything", json!({})).await?;
    protocol_error(
        &reply,
        protocol::INVALID_PARAMS,
        "A call of an unknown tool",
        &[],
    )
}

fn roots(tool: &Tool) -> Verdict {
    let schemas = [Some(tool.input_schema()), tool.output_schema()];
    let objects = schemas
        .iter()
        .all(|schema| schema.is_some_and(|schema| schema["type"] == "object"));
    ensure(objects, || {
        tool.wrong(format!(
            "A schema of `{}` has another root than an object.",
            tool.name()
        ))
        .expected("`inputSchema` and `outputSchema`, both with type = object")
    })?;
    Ok(())
}

fn arguments(tool: &Tool, row: &Row) -> Verdict {
    let root = tool.input_schema();
    let all: Vec<&str> = row.required.iter().chain(row.optional).copied().collect();
    fields(tool, root, root, &all, row.name)?;
    let required: BTreeSet<String> = row.required.iter().map(|name| (*name).to_owned()).collect();
    let what = format!(
        "Other arguments of `{}` are required than the table says.",
        row.name
    );
    same(&schema::required(root), &required, &what, "tools/list")
}

/// Demands that a part of a schema has these properties and no others.
fn fields(tool: &Tool, root: &Value, part: &Value, names: &[&str], place: &str) -> Verdict {
    let layers = schema::layers(root, part);
    let there: BTreeSet<&str> = layers
        .iter()
        .filter_map(|layer| layer["properties"].as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect();
    let right: BTreeSet<&str> = names.iter().copied().collect();
    let what = format!(
        "`{}` has other arguments than the table says, in {place}.",
        tool.name()
    );
    same(&there, &right, &what, "tools/list")
}

fn of_layers<'a>(root: &'a Value, part: &'a Value, name: &str) -> Option<&'a Value> {
    schema::layers(root, part)
        .into_iter()
        .find_map(|layer| layer["properties"].get(name))
}

/// Demands the hints in effect: one that equals its default may be left out.
fn hints(tool: &Tool, effect: Effect) -> Verdict {
    let reads = tool.hint("readOnlyHint").unwrap_or(false);
    let destroys = tool.hint("destructiveHint").unwrap_or(true);
    let repeatable = tool.hint("idempotentHint").unwrap_or(false);
    let (right, expected) = match effect {
        Effect::Reads => (reads, "read-only".to_owned()),
        Effect::Writes {
            destroys: due,
            repeatable: again,
        } => (
            !reads && destroys == due && repeatable == again,
            format!("readOnlyHint = false, destructiveHint = {due}, idempotentHint = {again}"),
        ),
    };
    ensure(right, || {
        tool.wrong(format!(
            "The hints of `{}` say something else than its section.",
            tool.name()
        ))
        .expected(expected)
        .got(tool.annotations())
    })?;
    Ok(())
}
