//! What a person types.

use reference_tests::harness::schema::{layers, property};
use serde_json::{Map, Value};

use super::lines::CANCEL;

/// A typed line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Nothing,
    /// `cancel`, which means something while a call is open.
    Cancel,
    Quit,
    Help,
    Tools,
    Resources,
    Prompts,
    /// `read URI`
    Read(String),
    /// `prompt NAME k=v …`: the name, and the rest of the line.
    Prompt(String, String),
    /// `complete NAME k=v …`: the name of a prompt, and the rest of the line.
    Complete(String, String),
    /// `raw …`: a line to send as it is.
    Raw(String),
    /// `call TOOL k=v …`: the name, whatever it looks like, and the rest of the line.
    Insist(String, String),
    /// Anything else: the name of a tool, and the rest of the line.
    Call(String, String),
}

/// Reads a typed line.
pub(super) fn parse(line: &str) -> Result<Line, String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    Ok(match (word, rest) {
        ("", _) => Line::Nothing,
        (CANCEL, "") => Line::Cancel,
        ("quit" | "exit", "") => Line::Quit,
        ("help" | "?", "") => Line::Help,
        ("tools", "") => Line::Tools,
        ("resources", "") => Line::Resources,
        ("prompts", "") => Line::Prompts,
        ("read", "") => return Err("read what? read URI".into()),
        ("read", uri) => Line::Read(uri.into()),
        ("prompt" | "complete", "") => {
            return Err(format!("which prompt? {word} NAME name=value …"));
        }
        ("prompt" | "complete", rest) => {
            let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let line = match word {
                "prompt" => Line::Prompt,
                _ => Line::Complete,
            };
            line(name.into(), rest.trim().into())
        }
        ("raw", "") => return Err("send what? raw {…}".into()),
        ("raw", text) => Line::Raw(text.into()),
        ("call", "") => return Err("call what? call TOOL name=value …".into()),
        // For a tool whose name is a command of this program, or which is not in the list.
        ("call", rest) => {
            let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            Line::Insist(name.into(), rest.trim().into())
        }
        (tool, rest) => Line::Call(tool.into(), rest.into()),
    })
}

/// Arguments from `{"name": …}` or from `name=value …`. Without a schema every value is text, as prompts have it.
pub(super) fn arguments(given: &str, schema: Option<&Value>) -> Result<Value, String> {
    if given.starts_with('{') {
        return serde_json::from_str(given).map_err(|error| format!("that is not JSON: {error}"));
    }
    let mut arguments = Map::new();
    for word in words(given)? {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| format!("`{word}` is no argument: write name=value"))?;
        let value = match schema {
            Some(schema) if !is_text(schema, name) => {
                serde_json::from_str(value).unwrap_or_else(|_| value.into())
            }
            _ => value.into(),
        };
        arguments.insert(name.into(), value);
    }
    Ok(arguments.into())
}

/// Whether the schema wants text here: then `5` is the text "5".
fn is_text(schema: &Value, name: &str) -> bool {
    let Some(property) = property(schema, name) else {
        return false;
    };
    let types: Vec<&Value> = layers(schema, property)
        .into_iter()
        .flat_map(|layer| match &layer["type"] {
            Value::Array(types) => types.iter().collect(),
            one => vec![one],
        })
        .filter(|kind| kind.is_string() && *kind != "null")
        .collect();
    !types.is_empty() && types.iter().all(|kind| *kind == "string")
}

/// The words of a line; quotes hold together what has blanks.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut begun = false;
    for letter in text.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => word.push(letter),
            // Inside a word such as `it's` a quote is a letter; after `=` it opens.
            None if (letter == '"' || letter == '\'')
                && (word.is_empty() || word.ends_with('=')) =>
            {
                quote = Some(letter);
                begun = true;
            }
            None if letter.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            None => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if let Some(open) = quote {
        return Err(format!("a quote {open} is not closed"));
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}
