//! `{{#exchange ch01-hello-world greet-modern}}`: messages that a program sent and received while it was recorded.

use serde::Deserialize;

use super::Expander;
use crate::html::{escape, pre};
use crate::pretty_json::pretty;
use crate::problem::Fault;

/// What the book needs of a recording script; the recorder reads the rest.
#[derive(Deserialize)]
struct Script {
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    from: From,
    text: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum From {
    Client,
    Server,
    Stderr,
    Process,
    Tracker,
}

impl From {
    fn class(self) -> &'static str {
        match self {
            Self::Client => "from-client",
            Self::Server => "from-server",
            Self::Stderr => "from-stderr",
            Self::Process => "from-process",
            Self::Tracker => "from-tracker",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Client => "client → server",
            Self::Server => "server → client",
            Self::Stderr => "standard error of the server",
            Self::Process => "the server's process",
            Self::Tracker => "meanwhile, in the tracker",
        }
    }
}

/// A recorded exchange, line by line.
pub(super) fn block(
    expander: &mut Expander<'_>,
    chapter: &str,
    name: &str,
) -> Result<String, Fault> {
    let script_file = format!("{chapter}/wire/{name}.toml");
    let recording_file = format!("{chapter}/wire/{name}.jsonl");
    // Wanted, whatever is wrong with them: one problem is said once.
    expander.shown.files.insert(script_file.clone());
    expander.shown.files.insert(recording_file.clone());
    let script_text = expander.library.text(&format!("book/src/{script_file}"))?;
    let script: Script = toml::from_str(&script_text).map_err(|error| {
        Fault::new(
            format!("book/src/{script_file} is not right: {}", error.message()),
            "a script needs at least `title`, `server`, `era` and `[[step]]`",
        )
    })?;
    let recording = expander
        .library
        .text(&format!("book/src/{recording_file}"))
        .map_err(|fault| Fault::new(fault.what, "record it: cargo xtask wire"))?;
    let mut steps = String::new();
    for (index, text) in recording
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty())
    {
        let line: Line = serde_json::from_str(text).map_err(|error| {
            Fault::new(
                format!(
                    "book/src/{recording_file}:{} is not right: {error}",
                    index + 1
                ),
                "record it again: cargo xtask wire",
            )
        })?;
        steps.push_str(&step(&line));
    }
    Ok(format!(
        "<figure class=\"exchange\"><figcaption>{}</figcaption><ol>{steps}</ol></figure>",
        escape(&script.title)
    ))
}

fn step(line: &Line) -> String {
    let (head, text) = with_head(&line.text);
    let head = head.map_or_else(String::new, |head| pre("text", head));
    let is_message = matches!(line.from, From::Client | From::Server);
    let (language, shown) = match pretty(text).filter(|_| is_message) {
        Some(laid_out) => ("json", laid_out),
        None => ("text", text.to_owned()),
    };
    let raw = match shown == text {
        true => String::new(),
        false => format!(
            "<details class=\"raw\"><summary>As one line, as it was sent</summary>{}</details>",
            pre("text", text)
        ),
    };
    let body = match shown.is_empty() {
        true => String::new(),
        false => pre(language, &shown),
    };
    format!(
        "<li class=\"{}\"><p class=\"direction\">{}</p>{head}{body}{raw}</li>",
        line.from.class(),
        line.from.label(),
    )
}

/// The head of an HTTP message, if there is one, and what it carries.
fn with_head(text: &str) -> (Option<&str>, &str) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let first = head.lines().next().unwrap_or_default();
    match first.starts_with("HTTP/1.1 ") || first.ends_with(" HTTP/1.1") {
        true => (Some(head), body),
        false => (None, text),
    }
}
