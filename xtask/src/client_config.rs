//! What four MCP clients want to be told, so that they can start a server.
//!
//! Files, keys and scopes as their makers describe them; each client has its own shape
//! (`mcpServers` here, `servers` there), which is why a copied entry so often does nothing.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::path::Path;

/// How a client reaches a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The client starts the program itself and speaks over its standard input and output.
    Stdio {
        /// The program, as an absolute path.
        command: String,
        /// What comes after it.
        args: Vec<String>,
        /// Set for the program, in this order.
        env: Vec<(String, String)>,
    },
    /// The server runs already and is reached at this address.
    Http {
        /// Such as `http://127.0.0.1:8080/mcp`.
        url: String,
    },
}

impl Reach {
    /// A program without arguments and settings of its own.
    ///
    /// # Errors
    /// JSON is Unicode: a path that is not cannot stand in a configuration.
    pub fn program(path: &Path) -> Result<Self> {
        let command = path.to_str().with_context(|| {
            format!(
                "{} is not Unicode, so no client configuration can name it; \
                 move the checkout, or set CARGO_TARGET_DIR to a folder with a plain name",
                path.display()
            )
        })?;
        Ok(Self::Stdio {
            command: command.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
        })
    }
}

impl Reach {
    /// Sets a variable for the program. A server that runs already has its environment.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        if let Self::Stdio { env, .. } = &mut self {
            env.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// What one client is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The client's name.
    pub client: &'static str,
    /// The files that hold it, most useful first.
    pub files: Vec<&'static str>,
    /// What to write there, or a sentence where no file does it.
    pub text: String,
    /// A command that writes it, for clients that have one.
    pub command: Option<String>,
    /// What else to do.
    pub then: Vec<String>,
}

/// The configuration of every client for one server, named `name`.
pub fn configurations(name: &str, reach: &Reach) -> Vec<Configuration> {
    vec![
        claude_desktop(name, reach),
        claude_code(name, reach),
        vs_code(name, reach),
        cursor(name, reach),
    ]
}

fn claude_desktop(name: &str, reach: &Reach) -> Configuration {
    let client = "Claude Desktop";
    match reach {
        Reach::Stdio { .. } => Configuration {
            client,
            files: vec![
                "~/Library/Application Support/Claude/claude_desktop_config.json (macOS)",
                "%APPDATA%\\Claude\\claude_desktop_config.json (Windows)",
            ],
            text: servers("mcpServers", name, entry(reach, false)),
            command: None,
            then: vec!["Quit Claude Desktop and start it again; it reads the file only then.".into()],
        },
        Reach::Http { .. } => Configuration {
            client,
            files: Vec::new(),
            text: "Servers reached over HTTP are added on its connectors page, which wants a public address; no file does it."
                .into(),
            command: None,
            then: Vec::new(),
        },
    }
}

fn claude_code(name: &str, reach: &Reach) -> Configuration {
    let mut words: Vec<String> = ["claude", "mcp", "add", "--transport"]
        .map(str::to_owned)
        .to_vec();
    match reach {
        Reach::Stdio { command, args, env } => {
            words.extend(["stdio", "--scope", "project"].map(str::to_owned));
            for (key, value) in env {
                words.extend(["--env".to_owned(), quoted(&format!("{key}={value}"))]);
            }
            words.extend([name.to_owned(), "--".to_owned(), quoted(command)]);
            words.extend(args.iter().map(|word| quoted(word)));
        }
        Reach::Http { url } => {
            words.extend(["http", "--scope", "project"].map(str::to_owned));
            words.extend([name.to_owned(), quoted(url)]);
        }
    }
    Configuration {
        client: "Claude Code",
        files: vec![".mcp.json in the folder where you start `claude`"],
        text: servers("mcpServers", name, entry(reach, true)),
        command: Some(words.join(" ")),
        then: vec![format!(
            "Approve it when asked; `claude mcp get {name}` or `/mcp` in a session shows its state."
        )],
    }
}

fn vs_code(name: &str, reach: &Reach) -> Configuration {
    Configuration {
        client: "VS Code",
        files: vec![".vscode/mcp.json in the folder that is open"],
        text: servers("servers", name, entry(reach, true)),
        command: None,
        then: vec![format!(
            "The key is `servers` here, not `mcpServers`. Start {name} from the line above its entry, or with `MCP: List Servers`."
        )],
    }
}

fn cursor(name: &str, reach: &Reach) -> Configuration {
    Configuration {
        client: "Cursor",
        files: vec![
            ".cursor/mcp.json in the folder that is open",
            "~/.cursor/mcp.json (every folder)",
        ],
        text: servers("mcpServers", name, entry(reach, false)),
        command: None,
        then: vec!["A new server is off until you switch it on in the settings under MCP.".into()],
    }
}

/// A whole file: one key that holds one server.
fn servers(key: &str, name: &str, entry: Value) -> String {
    let file = json!({ key: { name: entry } });
    // The alternate form of a JSON value indents it; it cannot fail as a serializer could.
    format!("{file:#}")
}

fn entry(reach: &Reach, with_type: bool) -> Value {
    let mut entry = Map::new();
    match reach {
        Reach::Stdio { command, args, env } => {
            if with_type {
                entry.insert("type".into(), json!("stdio"));
            }
            entry.insert("command".into(), json!(command));
            entry.insert("args".into(), json!(args));
            if !env.is_empty() {
                let env: Map<String, Value> = env
                    .iter()
                    .map(|(key, value)| (key.clone(), json!(value)))
                    .collect();
                entry.insert("env".into(), Value::Object(env));
            }
        }
        Reach::Http { url } => {
            if with_type {
                entry.insert("type".into(), json!("http"));
            }
            entry.insert("url".into(), json!(url));
        }
    }
    Value::Object(entry)
}

/// A word as a shell takes it: as it is, or quoted.
///
/// On Windows a path needs double quotes; elsewhere single ones, inside which nothing is special but themselves.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stdio(path: &str) -> Vec<Configuration> {
        let reach = Reach::program(Path::new(path)).expect("it is Unicode");
        configurations("ch02-first-server", &reach)
    }

    #[test]
    fn each_file_is_json_with_the_key_of_its_client() {
        let path = r#"/home/me/My "own" \ work/ch02-first-server"#;
        let keys = ["mcpServers", "mcpServers", "servers", "mcpServers"];
        for (configuration, key) in stdio(path).iter().zip(keys) {
            let file: Value = serde_json::from_str(&configuration.text).expect("it is JSON");
            let server = &file[key]["ch02-first-server"];
            assert_eq!(server["command"], json!(path), "{}", configuration.client);
            assert_eq!(server["args"], json!([]), "{}", configuration.client);
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_command_survives_a_shell() {
        let code = &stdio("/home/o'neil/my work/server")[1];
        assert_eq!(
            code.command.as_deref().unwrap_or_default(),
            r"claude mcp add --transport stdio --scope project ch02-first-server -- '/home/o'\''neil/my work/server'"
        );
    }

    #[test]
    fn an_address_goes_where_a_command_went() {
        let reach = Reach::Http {
            url: "http://127.0.0.1:8080/mcp".into(),
        };
        let all = configurations("tracker", &reach);
        assert!(all[0].text.contains("connectors page"));
        let file: Value = serde_json::from_str(&all[2].text).expect("it is JSON");
        assert_eq!(
            file["servers"]["tracker"],
            json!({ "type": "http", "url": "http://127.0.0.1:8080/mcp" })
        );
    }

    #[test]
    fn settings_are_passed_on() {
        let reach = Reach::Stdio {
            command: "/bin/server".into(),
            args: vec!["stdio".into()],
            env: vec![("TRACKER_URL".into(), "http://127.0.0.1:8089".into())],
        };
        let all = configurations("tracker", &reach);
        let command = all[1].command.as_deref().unwrap_or_default();
        assert!(
            command
                .ends_with("--env TRACKER_URL=http://127.0.0.1:8089 tracker -- /bin/server stdio")
        );
        let file: Value = serde_json::from_str(&all[3].text).expect("it is JSON");
        assert_eq!(
            file["mcpServers"]["tracker"]["env"]["TRACKER_URL"],
            "http://127.0.0.1:8089"
        );
    }
}
