//! Showing replies to a person.

use reference_tests::harness::schema::{allowed_strings, description, layers, required};
use reference_tests::harness::{Reply, Tool, short};
use serde_json::Value;
use verdict::{Era, WireLine};

use super::arrow;
use super::say::say;

/// One line of the wire, at once.
pub(super) fn wire_line(line: &WireLine) {
    say!("{} {}", arrow(line.from), line.text);
}

/// Who the server is.
pub(super) fn identity(info: &Value, era: Era) -> String {
    let told = |key: &str| info[key].as_str().unwrap_or_default().to_owned();
    format!(
        "connected to {} {}, {} era",
        told("name"),
        told("version"),
        era.name()
    )
}

/// The tools, with what they take.
pub(super) fn tools(tools: &[Tool]) {
    if tools.is_empty() {
        say!("no tools");
    }
    for tool in tools {
        say!(
            "{}",
            short::printable(&format!("  {} — {}", tool.name(), tool.description()))
        );
        fields(tool.input_schema());
    }
}

/// The fields of an object, with what they may hold.
fn fields(schema: &Value) {
    let required = required(schema);
    let properties = layers(schema, schema)
        .into_iter()
        .find_map(|layer| layer["properties"].as_object());
    for (name, property) in properties.into_iter().flatten() {
        let optional = if required.contains(name) {
            ""
        } else {
            " (optional)"
        };
        let about = description(schema, property).unwrap_or_default();
        let values = match allowed_strings(schema, property) {
            Some(values) => format!(" [{}]", values.into_iter().collect::<Vec<_>>().join(", ")),
            None if property["type"] == "boolean" => " [true, false]".to_owned(),
            None => String::new(),
        };
        let line = format!("      {name}{optional}  {about}{values}");
        say!("{}", short::printable(line.trim_end()));
    }
}

/// How far a call is.
pub(super) fn progress(params: &Value) {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let done = number(&params["progress"]);
    let far = match params["total"].is_null() {
        true => format!("{done}"),
        false => format!("{done} of {}", number(&params["total"])),
    };
    let message = params["message"].as_str().unwrap_or_default();
    say!(
        "{}",
        short::printable(format!("  progress {far}  {message}").trim_end())
    );
}

/// A question for the person, and how to answer it.
pub(super) fn question(question: &Value) {
    let message = question["message"].as_str().unwrap_or_default();
    say!(
        "{}",
        short::printable(&format!("the server asks: {message}"))
    );
    fields(&question["requestedSchema"]);
    say!("answer with name=value …; an empty line declines");
}

/// A list of resources.
pub(super) fn list(reply: &Reply, key: &str, name: &str, what: &str) {
    if refused(reply) {
        return;
    }
    let items = reply.message()["result"][key]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if items.is_empty() {
        say!("no {what}");
    }
    for item in items {
        let about = item["description"]
            .as_str()
            .or_else(|| item["name"].as_str())
            .unwrap_or_default();
        say!("  {} — {about}", item[name].as_str().unwrap_or_default());
    }
}

/// The prompts, with their arguments.
pub(super) fn prompts(reply: &Reply) {
    if refused(reply) {
        return;
    }
    let text = |value: &Value| short::printable(value.as_str().unwrap_or_default());
    let prompts = reply.message()["result"]["prompts"].as_array();
    if prompts.is_none_or(Vec::is_empty) {
        say!("no prompts");
    }
    for prompt in prompts.into_iter().flatten() {
        say!(
            "  {} — {}",
            text(&prompt["name"]),
            text(&prompt["description"])
        );
        for argument in prompt["arguments"].as_array().into_iter().flatten() {
            let optional = if argument["required"] == true {
                ""
            } else {
                " (optional)"
            };
            let about = text(&argument["description"]);
            say!("      {}{optional}  {about}", text(&argument["name"]));
        }
    }
}

/// What an argument could become, and whether there is more.
pub(super) fn completion(reply: &Reply) {
    if refused(reply) {
        return;
    }
    let completion = &reply.message()["result"]["completion"];
    let values = completion["values"].as_array().into_iter().flatten();
    let values: Vec<String> = values
        .map(|value| short::printable(value.as_str().unwrap_or_default()))
        .collect();
    match values.is_empty() {
        true => say!("nothing to offer"),
        false => say!("  {}", values.join("  ")),
    }
    match completion["total"].as_u64() {
        Some(total) if completion["hasMore"] == true => say!("{} of {total}", values.len()),
        None if completion["hasMore"] == true => say!("{}, and there are more", values.len()),
        _ => {}
    }
}

/// The contents of a resource.
pub(super) fn contents(reply: &Reply) {
    if refused(reply) {
        return;
    }
    reply.message()["result"]["contents"]
        .as_array()
        .into_iter()
        .flatten()
        .for_each(resource);
}

fn resource(content: &Value) {
    let kind = content["mimeType"].as_str().unwrap_or("no MIME type");
    say!("  {} ({kind})", content["uri"].as_str().unwrap_or_default());
    match content["text"].as_str() {
        Some(text) => say!("{}", short::printable(text)),
        None => say!("{}", short::json(content)),
    }
}

/// The messages of a prompt.
pub(super) fn messages(reply: &Reply) {
    if refused(reply) {
        return;
    }
    for message in reply.message()["result"]["messages"]
        .as_array()
        .into_iter()
        .flatten()
    {
        say!("  {}:", message["role"].as_str().unwrap_or_default());
        block(&message["content"]);
    }
}

/// The result of a tool call.
pub(super) fn tool_result(reply: &Reply) {
    if refused(reply) {
        return;
    }
    let Ok(result) = reply.tool_result() else {
        // Neither an error nor a finished call, such as a question back.
        say!("{:#}", reply.message()["result"]);
        return;
    };
    if result.is_error() {
        say!("tool error:");
    }
    match result.structured() {
        // Laid out, it says what the text says, and is easier to read.
        Some(data) => say!("{data:#}"),
        None => reply.message()["result"]["content"]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(block),
    }
}

fn block(content: &Value) {
    match (content["text"].as_str(), &content["resource"]) {
        (Some(text), _) => say!("{}", short::printable(text)),
        (None, Value::Object(_)) => resource(&content["resource"]),
        _ => say!("{}", short::json(content)),
    }
}

/// Shows a protocol error, if it is one.
fn refused(reply: &Reply) -> bool {
    let Some(error) = reply.error() else {
        return false;
    };
    say!(
        "protocol error {}: {}",
        error["code"],
        error["message"].as_str().unwrap_or_default()
    );
    if !error["data"].is_null() {
        say!("  data {}", short::json(&error["data"]));
    }
    true
}
