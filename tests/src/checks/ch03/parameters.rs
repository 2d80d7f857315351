//! 3.1 Rich parameters.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tracker::{State, Task};

use crate::harness::schema::{allowed_strings, parts, property, validate};
use crate::harness::{
    Check, Context, Server, Tool, ToolResult, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "3.1";
const CALLING: &str = "specification 2026-07-28, server/tools, Calling Tools";
const SCHEMA: &str = "specification 2026-07-28, server/tools, Data Types, Tool";
const ERRORS: &str = "specification 2026-07-28, server/tools, Error Handling";
/// What a filter may hold.
const FILTERS: [&str; 5] = ["project", "state", "assignee", "text", "due"];
const STATES: [&str; 3] = ["todo", "doing", "done"];
/// A page of this many tasks, of many more.
const PAGE: usize = 7;
/// More pages than this are a search without an end.
const MOST_PAGES: usize = 50;

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("search-filters", EXERCISE, filters)
            .says("`search_tasks` finds the tasks that fit the whole filter, page by page.")
            .why(
                "The names and the nesting of the arguments are what a model goes by; each of them has to arrive.",
                CALLING,
            ),
        Check::new("search-unknown-field", EXERCISE, unknown_field)
            .says("A field that the arguments do not have is refused by name, however deep it stands.")
            .why(
                "A misspelt filter that is ignored finds too much, and the model takes that for the answer.",
                ERRORS,
            ),
        Check::new("search-limit", EXERCISE, limit)
            .says("`limit` takes a whole number from 1 to 100, and a refusal names `limit`.")
            .why(
                "Some clients send numbers as text, and the range in the schema only describes: nobody enforces it \
                 but you. A refusal that names the argument can be put right.",
                ERRORS,
            ),
        Check::new("search-schema", EXERCISE, schema)
            .says("The schema of `search_tasks` describes the whole filter, without references and without number formats.")
            .why(
                "Some clients read only part of JSON Schema: they do not follow `$ref`, and they refuse formats such \
                 as uint32, which no standard knows. One such tool can cost the whole list.",
                SCHEMA,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

/// The ids that a search finds, page by page.
async fn found(server: &Server, arguments: &Value) -> Verdict<Vec<String>> {
    let mut ids = Vec::new();
    let mut arguments = arguments.clone();
    for _ in 0..MOST_PAGES {
        let reply = server.call("search_tasks", arguments.clone()).await?;
        let result = reply.tool_success()?;
        let data = result.data()?;
        let tasks = data["tasks"].as_array().ok_or_else(|| {
            result
                .wrong("`search_tasks` does not answer with tasks.")
                .expected("an object with the list `tasks`")
        })?;
        let page = tasks.iter().filter_map(|task| task["id"].as_str());
        ids.extend(page.map(ToOwned::to_owned));
        let most = arguments["limit"].as_u64();
        ensure(most.is_none_or(|most| tasks.len() as u64 <= most), || {
            result
                .wrong("A page has more tasks than `limit` allows.")
                .expected(format!("at most {} tasks", arguments["limit"]))
                .got(format!("{} tasks", tasks.len()))
        })?;
        match data["next_cursor"].as_str() {
            Some(cursor) => arguments["cursor"] = json!(cursor),
            None => return Ok(ids),
        }
    }
    Err(wrong("The search has no end.")
        .sent(format!(
            "tools/call search_tasks {}",
            short::json(&arguments)
        ))
        .expected("a last page, which has no `next_cursor`")
        .got(format!("a cursor on page {MOST_PAGES}"))
        .into())
}

async fn filters(ctx: Context) -> Verdict {
    type Fits = fn(&Task) -> bool;
    // Several pages once; otherwise all at once.
    let cases: [(Value, u32, Fits); 6] = [
        (json!({"project": "ATLAS"}), 12, |task| {
            task.project == "ATLAS"
        }),
        (json!({"project": "ATLAS", "state": "doing"}), 100, |task| {
            task.project == "ATLAS" && task.state == State::Doing
        }),
        (
            json!({"project": "ATLAS", "assignee": "noor"}),
            100,
            |task| task.project == "ATLAS" && task.assignee.as_deref() == Some("noor"),
        ),
        (json!({"text": "certificate"}), 100, |task| {
            let text = format!("{}\n{}", task.title, task.description);
            text.to_lowercase().contains("certificate")
        }),
        (
            json!({"project": "ATLAS", "due": {"from": "2026-05-10", "to": "2026-05-19"}}),
            100,
            |task| task.project == "ATLAS" && is_due(task, "2026-05-10", "2026-05-19"),
        ),
        (
            json!({"project": "ATLAS", "state": "todo", "due": {"from": "2026-05-13"}}),
            100,
            |task| {
                task.project == "ATLAS"
                    && task.state == State::Todo
                    && is_due(task, "2026-05-13", "9999-12-31")
            },
        ),
    ];
    let all = ctx.tracker()?.tasks();
    let server = ctx.start().await?;
    for (filter, most, fits) in cases {
        let right: BTreeSet<&str> = all
            .iter()
            .filter(|task| fits(task))
            .map(|task| task.id.as_str())
            .collect();
        let arguments = json!({"filter": filter, "limit": most});
        let got = found(&server, &arguments).await?;
        judge_found(&arguments, &right, &got)?;
    }
    server
        .call("search_tasks", json!({}))
        .await?
        .tool_success()?;
    Ok(())
}

fn is_due(task: &Task, from: &str, to: &str) -> bool {
    // Days written like this sort like text.
    task.due
        .as_deref()
        .is_some_and(|due| (from..=to).contains(&due))
}

fn judge_found(arguments: &Value, right: &BTreeSet<&str>, got: &[String]) -> Result<(), Wrong> {
    let set: BTreeSet<&str> = got.iter().map(String::as_str).collect();
    let complete = set == *right && set.len() == got.len();
    ensure(complete, || {
        let missing = right.difference(&set).next();
        let extra = set.difference(right).next();
        let (what, detail) = match (extra, missing) {
            (Some(id), _) => (
                "The search finds tasks that do not fit the filter.",
                format!("{id} for one"),
            ),
            (None, Some(id)) => (
                "The search does not find all tasks that fit the filter.",
                format!("{id} is missing, for one"),
            ),
            (None, None) => ("The search finds a task twice.", "one of them twice".into()),
        };
        wrong(what)
            .sent(format!(
                "tools/call search_tasks {}, then the pages after it",
                short::json(arguments)
            ))
            .expected(format!("{} tasks", right.len()))
            .got(format!("{} tasks, {detail}", got.len()))
    })
}

async fn unknown_field(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for (arguments, field) in [
        (
            json!({"filter": {"project": "ATLAS"}, "sort": "due"}),
            "sort",
        ),
        (
            json!({"filter": {"project": "ATLAS", "status": "done"}}),
            "status",
        ),
        (
            json!({"filter": {"project": "ATLAS", "due": {"from": "2026-05-01", "until": "2026-05-09"}}}),
            "until",
        ),
    ] {
        let reply = server.call("search_tasks", arguments).await?;
        let expected = format!("result.isError = true, with text naming `{field}`");
        let what = match reply.error() {
            Some(_) => format!("The refusal of the unknown field `{field}` is a protocol error."),
            None => format!("The unknown field `{field}` was ignored."),
        };
        let result = reply.tool_error(&what, &expected)?;
        ensure(result.text().contains(field), || {
            result
                .wrong("The refusal does not name the field.")
                .expected(expected)
        })?;
    }
    Ok(())
}

async fn limit(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = server.call("search_tasks", json!({"limit": PAGE})).await?;
    judge_page(&reply.tool_success()?)?;
    for value in [json!("seven"), json!(0), json!(101)] {
        let reply = server.call("search_tasks", json!({"limit": value})).await?;
        let what = match reply.error() {
            Some(_) => format!("The refusal of {value} as `limit` is a protocol error."),
            None => format!("{value} was taken as `limit`."),
        };
        names_limit(&reply.tool_error(&what, NAMING_LIMIT)?)?;
    }
    // A number as text may be taken for the number, or refused.
    let reply = server
        .call("search_tasks", json!({"limit": PAGE.to_string()}))
        .await?;
    let result = reply
        .tool_result()
        .map_err(|refused| refused.expected(format!("{PAGE} tasks, or {NAMING_LIMIT}")))?;
    if result.is_error() {
        names_limit(&result)?;
    } else {
        judge_page(&result)?;
    }
    Ok(())
}

const NAMING_LIMIT: &str = "result.isError = true, with text naming `limit`";

fn names_limit(result: &ToolResult<'_>) -> Result<(), Wrong> {
    ensure(result.text().contains("limit"), || {
        result
            .wrong("The refusal does not name the argument.")
            .expected(NAMING_LIMIT)
    })
}

fn judge_page(result: &ToolResult<'_>) -> Result<(), Wrong> {
    let data = result.data()?;
    let count = data["tasks"].as_array().map(Vec::len);
    ensure(count == Some(PAGE), || {
        result
            .wrong("The page has not as many tasks as `limit` asks for.")
            .expected(format!("{PAGE} tasks, of many more"))
            .got(match count {
                Some(count) => format!("{count} tasks"),
                None => result.got(),
            })
    })
}

async fn schema(ctx: Context) -> Verdict {
    let tool = ctx.start().await?.tool("search_tasks").await?;
    let schema = tool.input_schema();
    ensure(schema["type"] == "object", || {
        wrong_schema(
            &tool,
            "The schema of the arguments is not that of an object.",
        )
        .expected("inputSchema.type = \"object\"")
    })?;
    for part in parts(schema) {
        ensure(part.get("$ref").is_none(), || {
            wrong_schema(&tool, "The schema has a reference.")
                .expected("every type written out where it is used")
                .got(short::json(part))
        })?;
        ensure(!(is_number(part) && part.get("format").is_some()), || {
            wrong_schema(&tool, "A number of the schema has a format.")
                .expected("`minimum` and `maximum`, without `format`")
                .got(short::json(part))
        })?;
    }
    describes_filter(&tool)?;
    let right = json!({
        "filter": {"project": "ATLAS", "state": "todo", "text": "icon", "due": {"from": "2026-05-01"}},
        "limit": PAGE,
    });
    validate(schema, &right).map_err(|problem| {
        wrong_schema(&tool, "The schema does not allow right arguments.")
            .expected(format!("a schema that {} fits", short::json(&right)))
            .got(format!("an argument that does not fit, {problem}"))
    })?;
    Ok(())
}

/// Demands the fields of the filter, and the values of `state`.
fn describes_filter(tool: &Tool) -> Result<(), Wrong> {
    let root = tool.input_schema();
    let empty = Value::Null;
    let filter = property(root, "filter").unwrap_or(&empty);
    for field in FILTERS {
        ensure(property(filter, field).is_some(), || {
            wrong_schema(
                tool,
                format!("The schema does not say that a filter may have `{field}`."),
            )
            .expected(format!("`filter` with {}", short::list(FILTERS)))
            .got(format!("filter: {}", short::json(filter)))
        })?;
    }
    let state = property(filter, "state").unwrap_or(&empty);
    let listed = allowed_strings(root, state);
    ensure(listed == Some(STATES.map(Into::into).into()), || {
        wrong_schema(
            tool,
            "The schema does not list the states that a task can have.",
        )
        .expected(format!(
            "`enum`, or `oneOf` with `const`: {}",
            short::list(STATES)
        ))
        .got(format!("state: {}", short::json(state)))
    })
}

fn is_number(schema: &Value) -> bool {
    let number = |name: &Value| name == "integer" || name == "number";
    match &schema["type"] {
        Value::Array(names) => names.iter().any(number),
        name => number(name),
    }
}

fn wrong_schema(tool: &Tool, what: impl Into<String>) -> Wrong {
    tool.wrong(what)
        .got(format!("inputSchema {}", short::json(tool.input_schema())))
}
