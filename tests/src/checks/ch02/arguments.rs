//! 2.2 Describe arguments.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::board::{DUE, new_task};
use crate::harness::schema::{Validator, allowed_strings, description, property, required};
use crate::harness::{Check, Context, Tool, Verdict, Wrong, ensure, short};

const EXERCISE: &str = "2.2";
const SOURCE: &str = "specification 2026-07-28, server/tools, Data Types, Tool";
const ARGUMENTS: [&str; 4] = ["project", "title", "due", "priority"];
const REQUIRED: [&str; 3] = ["project", "title", "due"];
const PRIORITIES: [&str; 3] = ["low", "normal", "high"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("arguments-described", EXERCISE, described)
            .says("Every argument of `add_task` has a description.")
            .why(
                "Name, type and description are all that a model knows of an argument when it fills it in.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("arguments-enum", EXERCISE, listed_values)
            .says("The schema lists the values of `priority`.")
            .why(
                "Clients build forms from the schema and hold models to it; values that stand in a description only \
                 are a hint in prose.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("arguments-required", EXERCISE, required_set)
            .says("project, title and due are required, and priority is not.")
            .why(
                "A model leaves out what is not required, and makes up what is.",
                SOURCE,
            )
            .leaves_no_trace(),
        Check::new("arguments-fit", EXERCISE, fit)
            .says("The schema fits right arguments and no wrong ones.")
            .why("A client may check arguments against the schema before it sends them.", SOURCE)
            .leaves_no_trace(),
        Check::new("arguments-work", EXERCISE, each_priority)
            .says("A task is stored with each of the priorities that the schema lists.")
            .why(
                "The schema is what clients go by, and the type reads what they send: both have to know the same names.",
                "specification 2026-07-28, server/tools, Calling Tools",
            ),
        Check::new("arguments-default", EXERCISE, default_priority)
            .says("A task that is added without `priority` gets the priority normal.")
            .why(
                "An argument that is not required has a meaning when it is left out.",
                "specification 2026-07-28, server/tools, Calling Tools",
            ),
    ]
}

async fn add_task(ctx: &Context) -> Verdict<Tool> {
    ctx.start().await?.tool("add_task").await
}

fn wrong_schema(tool: &Tool, what: impl Into<String>) -> Wrong {
    tool.wrong(what)
        .got(format!("inputSchema {}", short::json(tool.input_schema())))
}

fn find<'a>(tool: &'a Tool, argument: &str) -> Result<&'a Value, Wrong> {
    property(tool.input_schema(), argument).ok_or_else(|| {
        wrong_schema(tool, format!("`add_task` has no argument `{argument}`."))
            .expected(format!("the arguments {}", short::list(ARGUMENTS)))
    })
}

async fn described(ctx: Context) -> Verdict {
    let tool = add_task(&ctx).await?;
    for argument in ARGUMENTS {
        let schema = find(&tool, argument)?;
        ensure(description(tool.input_schema(), schema).is_some(), || {
            tool.wrong(format!("The argument `{argument}` has no description."))
                .expected("a description of each argument")
                .got(format!("{argument}: {}", short::json(schema)))
        })?;
    }
    Ok(())
}

async fn listed_values(ctx: Context) -> Verdict {
    let tool = add_task(&ctx).await?;
    let schema = find(&tool, "priority")?;
    let allowed = allowed_strings(tool.input_schema(), schema);
    let due: BTreeSet<String> = PRIORITIES.map(Into::into).into();
    ensure(allowed.as_ref() == Some(&due), || {
        let what = match &allowed {
            None => "The schema does not list the values of `priority`.".into(),
            Some(values) => format!(
                "The schema allows other values of `priority`: {}.",
                short::list(values.clone())
            ),
        };
        tool.wrong(what)
            .expected(format!(
                "`enum`, or `oneOf` with `const`: {}",
                short::list(PRIORITIES)
            ))
            .got(format!("priority: {}", short::json(schema)))
    })?;
    Ok(())
}

async fn required_set(ctx: Context) -> Verdict {
    let tool = add_task(&ctx).await?;
    let got = required(tool.input_schema());
    let due: BTreeSet<String> = REQUIRED.map(Into::into).into();
    ensure(got == due, || {
        let missing: Vec<&String> = due.difference(&got).collect();
        let extra: Vec<&String> = got.difference(&due).collect();
        let what = match (missing.first(), extra.first()) {
            (Some(argument), _) => format!("`{argument}` is not required."),
            (_, Some(argument)) => format!("`{argument}` is required."),
            _ => String::new(),
        };
        tool.wrong(what)
            .expected(format!("required: {}", short::list(REQUIRED)))
            .got(format!("required: {}", short::list(got.clone())))
    })?;
    Ok(())
}

async fn fit(ctx: Context) -> Verdict {
    let tool = add_task(&ctx).await?;
    let right = new_task("Water the plants");
    let schema = Validator::new(tool.input_schema());
    let judge = |arguments: &Value| schema.as_ref().map_err(Clone::clone)?.validate(arguments);
    judge(&right).map_err(|problem| {
        tool.wrong("The schema does not allow right arguments.")
            .expected(format!("a schema that {} fits", short::json(&right)))
            .got(format!("an argument that does not fit, {problem}"))
    })?;
    for (argument, value) in [
        ("title", json!(5)),
        ("due", json!(true)),
        ("priority", json!("whenever")),
    ] {
        let mut arguments = right.clone();
        arguments[argument] = value.clone();
        ensure(judge(&arguments).is_err(), || {
            let schema = property(tool.input_schema(), argument)
                .cloned()
                .unwrap_or_default();
            tool.wrong(format!("The schema allows {value} as `{argument}`."))
                .expected(format!("a schema that refuses {value} there"))
                .got(format!("{argument}: {}", short::json(&schema)))
        })?;
    }
    Ok(())
}

async fn each_priority(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for priority in PRIORITIES {
        let mut arguments = new_task("Water the plants");
        arguments["priority"] = json!(priority);
        let reply = server.call("add_task", arguments).await?;
        let result = reply.tool_success()?;
        ensure(result.string("priority")? == priority, || {
            result
                .wrong(format!("The task did not get the priority {priority}."))
                .expected(format!("a task with the priority `{priority}`"))
        })?;
    }
    Ok(())
}

async fn default_priority(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server
        .call(
            "add_task",
            json!({"project": "ATLAS", "title": "Water the plants", "due": DUE}),
        )
        .await?;
    let result = reply.tool_success()?;
    ensure(result.string("priority")? == "normal", || {
        result
            .wrong("The task got another priority.")
            .expected("a task with the priority `normal`")
    })?;
    Ok(())
}
