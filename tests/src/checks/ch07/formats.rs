//! How four clients read their configuration, and what they put in the place of variables.

use std::path::Path;

use serde_json::{Map, Value};

/// A client, by the form of its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    ClaudeDesktop,
    ClaudeCode,
    VsCode,
    Cursor,
}

/// What a client knows beside its configuration.
pub(super) struct Surroundings {
    /// The value of `TRACKER_URL`.
    pub(super) tracker_url: String,
    /// The value of `TRACKER_TOKEN`, and of whatever the user is asked for.
    pub(super) token: String,
    /// The value of `TRACKER_TOKEN_FILE`.
    pub(super) token_file: String,
}

/// How a client starts the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) command: String,
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
}

/// What a client cannot read.
#[derive(Debug)]
pub(super) struct Problem {
    /// As the rest of a sentence.
    pub(super) what: &'static str,
    pub(super) expected: String,
    pub(super) got: Value,
}

impl Client {
    pub(super) const ALL: [Self; 4] = [
        Self::ClaudeDesktop,
        Self::ClaudeCode,
        Self::VsCode,
        Self::Cursor,
    ];

    /// The argument of `print-config`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => "claude-desktop",
            Self::ClaudeCode => "claude-code",
            Self::VsCode => "vscode",
            Self::Cursor => "cursor",
        }
    }

    /// As people say it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => "Claude Desktop",
            Self::ClaudeCode => "Claude Code",
            Self::VsCode => "VS Code",
            Self::Cursor => "Cursor",
        }
    }

    /// Where its servers stand.
    fn key(self) -> &'static str {
        match self {
            Self::VsCode => "servers",
            _ => "mcpServers",
        }
    }

    /// What it puts in the place of `${…}`. Nothing if it does not know that.
    fn value(self, placeholder: &str, inputs: &[&str], around: &Surroundings) -> Option<String> {
        let variable = |name: &str| match name {
            "TRACKER_URL" => Some(around.tracker_url.clone()),
            "TRACKER_TOKEN" => Some(around.token.clone()),
            "TRACKER_TOKEN_FILE" => Some(around.token_file.clone()),
            _ => None,
        };
        match self {
            Self::ClaudeDesktop => None,
            Self::ClaudeCode => {
                let (name, default) = match placeholder.split_once(":-") {
                    Some((name, default)) => (name, Some(default.to_owned())),
                    None => (placeholder, None),
                };
                variable(name).or(default)
            }
            Self::VsCode => match placeholder.split_once(':') {
                Some(("input", id)) if inputs.contains(&id) => {
                    let asks_for_address = id.to_ascii_lowercase().contains("url");
                    variable(if asks_for_address {
                        "TRACKER_URL"
                    } else {
                        "TRACKER_TOKEN"
                    })
                }
                Some(("env", name)) => variable(name),
                _ => None,
            },
            Self::Cursor => variable(placeholder.strip_prefix("env:")?),
        }
    }

    /// How it writes the placeholder for the token, if it has one.
    fn placeholder(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => "no placeholder: it puts nothing in its place",
            Self::ClaudeCode => "`${TRACKER_TOKEN}`",
            Self::VsCode => "`${input:id}`, where `inputs` has an entry with this id",
            Self::Cursor => "`${env:TRACKER_TOKEN}`",
        }
    }
}

impl Entry {
    /// Reads the one server of a configuration as this client does.
    pub(super) fn read(
        client: Client,
        printed: &Value,
        around: &Surroundings,
    ) -> Result<Self, Problem> {
        let key = client.key();
        let servers = printed[key].as_object();
        let problem = |what, expected: String, got: &Value| Problem {
            what,
            expected,
            got: got.clone(),
        };
        let Some(entry) = servers.and_then(|servers| servers.values().next()) else {
            let expected = format!("an object with `{key}`, and in it the server by its name");
            return Err(problem(
                "its servers are not where it looks for them.",
                expected,
                &keys(printed),
            ));
        };
        let inputs = printed["inputs"].as_array();
        let inputs: Vec<&str> = inputs
            .into_iter()
            .flatten()
            .filter(|input| input["type"] == "promptString" || input["type"] == "pickString")
            .filter_map(|input| input["id"].as_str())
            .collect();
        let filled = |text: &str| fill(client, text, &inputs, around);
        let command = entry["command"].as_str().and_then(filled);
        let command = command.filter(|command| {
            let path = Path::new(command);
            path.is_absolute() && path.is_file()
        });
        let Some(command) = command else {
            let expected = "`command`: the absolute path of this program. A client starts it in a folder of its own, with a PATH of its own";
            return Err(problem(
                "it cannot find the program.",
                expected.into(),
                &entry["command"],
            ));
        };
        let kind = &entry["type"];
        if !kind.is_null() && kind != "stdio" {
            return Err(problem(
                "it does not take this for a program.",
                "`type`: \"stdio\"".into(),
                entry,
            ));
        }
        let arguments = texts(&entry["args"]).ok_or_else(|| {
            problem(
                "it cannot read the arguments.",
                "`args`: a list of texts".into(),
                entry,
            )
        })?;
        let environment = pairs(&entry["env"]).ok_or_else(|| {
            let expected = "`env`: an object whose values are texts".into();
            problem("it cannot read the environment.", expected, entry)
        })?;
        let unknown = || {
            let what =
                "there is a placeholder that it does not know, so the server gets it as it stands.";
            problem(what, client.placeholder().into(), &entry["env"])
        };
        Ok(Self {
            command,
            arguments: arguments
                .iter()
                .map(|text| filled(text))
                .collect::<Option<_>>()
                .ok_or_else(unknown)?,
            environment: environment
                .iter()
                .map(|(name, text)| Some((name.clone(), filled(text)?)))
                .collect::<Option<_>>()
                .ok_or_else(unknown)?,
        })
    }

    /// As somebody would type it. Values of variables are left out: one of them is a secret.
    pub(super) fn spoken(&self) -> String {
        let program = Path::new(&self.command).file_name().unwrap_or_default();
        let names = self.environment.iter().map(|(name, _)| format!("{name}=…"));
        let program = program.to_string_lossy().into_owned();
        let words = names.chain([program]).chain(self.arguments.iter().cloned());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// What an object has, without what that is.
fn keys(object: &Value) -> Value {
    let keys = object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    keys.map(String::as_str).collect()
}

/// A text with all that the client puts in; nothing if it would leave a placeholder as it is.
fn fill(client: Client, text: &str, inputs: &[&str], around: &Surroundings) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (placeholder, later) = after.split_once('}')?;
        filled += before;
        filled += &client.value(placeholder, inputs, around)?;
        rest = later;
    }
    Some(filled + rest)
}

/// A list of texts; an empty one if it is left out.
fn texts(list: &Value) -> Option<Vec<String>> {
    match list {
        Value::Null => Some(Vec::new()),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// Names and texts; none if they are left out.
fn pairs(object: &Value) -> Option<Vec<(String, String)>> {
    let none = Map::new();
    let object = match object {
        Value::Null => &none,
        other => other.as_object()?,
    };
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    object.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(client: Client, mut printed: Value) -> Result<Entry, &'static str> {
        let this = std::env::current_exe().expect("this program is somewhere");
        let key = client.key();
        if let Some(entry) = printed[key].get_mut("tracker")
            && entry["command"] == "here"
        {
            entry["command"] = json!(this);
        }
        let around = Surroundings {
            tracker_url: "http://tracker".into(),
            token: "secret".into(),
            token_file: "/token".into(),
        };
        Entry::read(client, &printed, &around).map_err(|problem| problem.what)
    }

    fn token(read: Result<Entry, &'static str>) -> String {
        let entry = read.expect("it can be read");
        entry.environment[0].1.clone()
    }

    #[test]
    fn each_client_fills_in_its_own_placeholders() {
        let with = |text: &str| json!({"mcpServers": {"tracker": {"command": "here", "env": {"T": text}}}});
        assert_eq!(
            token(read(Client::ClaudeCode, with("${TRACKER_TOKEN}"))),
            "secret"
        );
        assert_eq!(
            token(read(Client::ClaudeCode, with("${OTHER:-none}"))),
            "none"
        );
        assert_eq!(
            token(read(Client::Cursor, with("a ${env:TRACKER_TOKEN} b"))),
            "a secret b"
        );
        for (client, text) in [
            (Client::ClaudeDesktop, "${TRACKER_TOKEN}"),
            (Client::ClaudeCode, "${env:TRACKER_TOKEN}"),
            (Client::Cursor, "${TRACKER_TOKEN}"),
        ] {
            let refused = read(client, with(text)).expect_err("it does not know that");
            assert!(refused.contains("placeholder"), "{refused}");
        }
    }

    #[test]
    fn an_input_must_be_declared() {
        let servers = json!({"tracker": {"command": "here", "type": "stdio", "env": {"T": "${input:token}"}}});
        let undeclared = json!({"servers": servers});
        read(Client::VsCode, undeclared).expect_err("nobody is asked for it");
        let input = json!({"type": "promptString", "id": "token", "password": true});
        let declared = json!({"inputs": [input], "servers": servers});
        assert_eq!(token(read(Client::VsCode, declared)), "secret");
    }

    #[test]
    fn the_key_and_the_command_must_be_right() {
        let entry = json!({"tracker": {"command": "here"}});
        assert!(read(Client::VsCode, json!({"mcpServers": entry})).is_err());
        assert!(read(Client::Cursor, json!({"mcpServers": entry})).is_ok());
        let relative = json!({"tracker": {"command": "tracker-mcp"}});
        assert!(read(Client::Cursor, json!({"mcpServers": relative})).is_err());
    }
}
