//! The tools: how they are listed, and what they do.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::board::{Board, PRIORITIES};
use super::{Caller, Refusal};
use crate::harness::protocol::INVALID_PARAMS;

/// What a tool gives back: data or text, or a sentence that says what is wrong.
type Outcome = Result<Value, String>;

/// All tools, in an order that never changes.
pub(super) fn list() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let project = text("Id of a project, such as ATLAS.");
    let id = text("Id of a task, such as ATLAS-1.");
    let due = json!({"type": "string", "format": "date", "description": "A day, as YYYY-MM-DD."});
    let title = text("What is to be done, in 1 to 100 characters.");
    let priority =
        json!({"enum": PRIORITIES, "description": "How urgent it is; normal if left out."});
    let states = json!({"enum": ["todo", "doing", "done"], "description": "The state to go to."});
    let count = json!({"type": "integer", "minimum": 0});
    let millis = json!({"type": "integer", "description": "How long, in milliseconds."});
    let reading = json!({"title": "List tasks", "readOnlyHint": true, "openWorldHint": false});
    let adding = json!({"title": "Add a task", "destructiveHint": false, "openWorldHint": false});
    let setting =
        json!({"title": "Set the due day", "idempotentHint": true, "openWorldHint": false});
    let deleting =
        json!({"title": "Delete a task", "idempotentHint": true, "openWorldHint": false});
    json!([
        tool(
            "greet",
            "Greet somebody.",
            json!({"name": text("Who."), "language": text("en, de or fr.")}),
            &["name"]
        ),
        tool("whoami", "Tell who is calling.", json!({}), &[]),
        tool(
            "wait",
            "Wait, then answer.",
            json!({"millis": millis}),
            &["millis"]
        ),
        tool("list_projects", "List all projects.", json!({}), &[]),
        annotated(
            tool(
                "list_tasks",
                "List the tasks of a project.",
                json!({"project": project}),
                &["project"]
            ),
            reading,
        ),
        annotated(
            tool(
                "add_task",
                "Add a task to a project.",
                json!({"project": project, "title": title, "due": due, "priority": priority}),
                &["project", "title", "due"],
            ),
            adding,
        ),
        annotated(
            tool(
                "set_due",
                "Set the due day.",
                json!({"id": id, "due": due}),
                &["id", "due"]
            ),
            setting
        ),
        annotated(
            tool(
                "delete_task",
                "Delete a task for good.",
                json!({"id": id}),
                &["id"]
            ),
            deleting
        ),
        tool(
            "report_bug",
            "Report a bug.",
            json!({"project": project, "title": title}),
            &["project", "title"]
        ),
        tool(
            "move_task",
            "Move a task to another state.",
            json!({"id": id, "to": states}),
            &["id", "to"]
        ),
        with_output(
            tool(
                "project_summary",
                "Count the tasks by state.",
                json!({"project": project}),
                &["project"]
            ),
            json!({
                "type": "object",
                "properties": {"project": {"type": "string"}, "todo": count, "doing": count, "done": count},
                "required": ["project", "todo", "doing", "done"],
            }),
        ),
    ])
}

fn tool(name: &str, description: &str, properties: Value, required: &[&str]) -> Value {
    let schema = json!({"type": "object", "properties": properties, "required": required});
    json!({"name": name, "description": description, "inputSchema": schema})
}

fn annotated(mut tool: Value, annotations: Value) -> Value {
    tool["annotations"] = annotations;
    tool
}

fn with_output(mut tool: Value, schema: Value) -> Value {
    tool["outputSchema"] = schema;
    tool
}

/// Calls a tool. An unknown tool is a protocol error; what goes wrong inside one is a result with `isError`.
pub(super) fn call(
    board: &Mutex<Board>,
    caller: &Caller,
    params: &Value,
) -> Result<Value, Refusal> {
    let name = params["name"].as_str().unwrap_or_default();
    let arguments = &params["arguments"];
    let outcome = match name {
        "greet" => greet(arguments),
        "whoami" => Ok(whoami(caller).into()),
        "wait" => wait(arguments),
        "list_projects" => Ok(json!({"projects": Board::projects()})),
        "list_tasks" => text(arguments, "project")
            .and_then(|project| lock(board).tasks_of(project))
            .map(|tasks| json!({"tasks": tasks})),
        "add_task" => add_task(board, arguments),
        "set_due" => set_due(board, arguments),
        "delete_task" => {
            let deleted = text(arguments, "id").and_then(|id| lock(board).delete(id));
            deleted.map(|()| "deleted".into())
        }
        "report_bug" => report_bug(board, arguments),
        "move_task" => move_task(board, arguments),
        "project_summary" => summary(board, arguments),
        _ => {
            return Err(Refusal::new(
                INVALID_PARAMS,
                format!("there is no tool {name:?}"),
            ));
        }
    };
    Ok(match outcome {
        Ok(Value::String(text)) => {
            json!({"content": [{"type": "text", "text": text}], "isError": false})
        }
        Ok(data) => {
            let copy = data.to_string();
            json!({"content": [{"type": "text", "text": copy}], "structuredContent": data, "isError": false})
        }
        Err(problem) => json!({"content": [{"type": "text", "text": problem}], "isError": true}),
    })
}

fn greet(arguments: &Value) -> Outcome {
    let name = text(arguments, "name")?;
    let word = match arguments["language"].as_str() {
        None | Some("en") => "Hello",
        Some("de") => "Hallo",
        Some("fr") => "Bonjour",
        Some(other) => return Err(format!("language must be en, de or fr, got {other:?}")),
    };
    // A log for those who ask for one.
    if std::env::var("RUST_LOG").is_ok_and(|level| level != "off") {
        eprintln!("INFO greeting sent");
    }
    Ok(format!("{word}, {name}!").into())
}

fn whoami(caller: &Caller) -> String {
    let told = |key: &str| caller.client[key].as_str().unwrap_or("unknown").to_owned();
    let era = if caller.modern { "modern" } else { "legacy" };
    format!("{} {} ({era})", told("name"), told("version"))
}

fn wait(arguments: &Value) -> Outcome {
    let millis = arguments["millis"]
        .as_u64()
        .filter(|millis| *millis <= 10_000);
    let millis = millis.ok_or("millis must be an integer from 0 to 10000")?;
    std::thread::sleep(Duration::from_millis(millis));
    Ok(format!("waited {millis} ms").into())
}

fn add_task(board: &Mutex<Board>, arguments: &Value) -> Outcome {
    let (project, title, due) = (
        text(arguments, "project")?,
        text(arguments, "title")?,
        text(arguments, "due")?,
    );
    let priority = arguments["priority"].as_str().unwrap_or("normal");
    if !(1..=100).contains(&title.chars().count()) {
        return Err("title must have 1 to 100 characters".into());
    }
    if !is_day(due) {
        return Err(format!("due must be a day as YYYY-MM-DD, got {due:?}"));
    }
    if !PRIORITIES.contains(&priority) {
        return Err(format!("priority must be one of {}", PRIORITIES.join(", ")));
    }
    Board::project(project)?;
    let mut board = lock(board);
    let id = board.reserve_id(project);
    let task = json!({"id": id, "project": project, "title": title, "due": due, "priority": priority, "state": "todo"});
    board.store(&task);
    Ok(task)
}

fn set_due(board: &Mutex<Board>, arguments: &Value) -> Outcome {
    let (id, due) = (text(arguments, "id")?, text(arguments, "due")?);
    if !is_day(due) {
        return Err(format!("due must be a day as YYYY-MM-DD, got {due:?}"));
    }
    lock(board).set(id, "due", due)
}

fn report_bug(board: &Mutex<Board>, arguments: &Value) -> Outcome {
    let (project, title) = (text(arguments, "project")?, text(arguments, "title")?);
    Board::project(project)?;
    let id = lock(board).reserve_id(project);
    let audit = std::env::var("AUDIT_MS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(50);
    std::thread::sleep(Duration::from_millis(audit));
    let task =
        json!({"id": id, "project": project, "title": title, "priority": "high", "state": "todo"});
    lock(board).store(&task);
    Ok(task)
}

fn move_task(board: &Mutex<Board>, arguments: &Value) -> Outcome {
    let (id, to) = (text(arguments, "id")?, text(arguments, "to")?);
    lock(board).step(id, to)
}

fn summary(board: &Mutex<Board>, arguments: &Value) -> Outcome {
    let project = text(arguments, "project")?;
    let tasks = lock(board).tasks_of(project)?;
    let (_, name) = Board::project(project)?;
    let count = |state: &str| tasks.iter().filter(|task| task["state"] == state).count();
    Ok(
        json!({"project": project, "name": name, "todo": count("todo"), "doing": count("doing"), "done": count("done")}),
    )
}

/// A string among the arguments.
fn text<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, String> {
    arguments[name]
        .as_str()
        .ok_or_else(|| format!("{name} must be a string"))
}

fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether this is a day of the calendar, as YYYY-MM-DD.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let digits = |part: &str, length: usize| {
        let fits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}
