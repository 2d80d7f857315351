//! What a client has to be told, so that it starts this program.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};

/// What the server is called in every client.
const NAME: &str = "tracker";

/// An MCP client, by the form of its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Puts nothing in the place of variables: what its file says is what the server gets.
    ClaudeDesktop,
    /// Knows `${NAME}`, a variable of its own environment.
    ClaudeCode,
    /// Knows `${input:id}`, which it asks the user for once, and keeps.
    VsCode,
    /// Knows `${env:NAME}`, a variable of its own environment.
    Cursor,
}

impl Client {
    /// The client of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "claude-desktop" => Some(Self::ClaudeDesktop),
            "claude-code" => Some(Self::ClaudeCode),
            "vscode" => Some(Self::VsCode),
            "cursor" => Some(Self::Cursor),
            _ => None,
        }
    }

    /// Where its configuration belongs.
    fn file(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => {
                "claude_desktop_config.json, which its settings open under Developer"
            }
            Self::ClaudeCode => ".mcp.json in the folder of your project",
            Self::VsCode => ".vscode/mcp.json in the folder of your project",
            Self::Cursor => ".cursor/mcp.json in the folder of your project",
        }
    }
}

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The program, as an absolute path: a client starts it in a folder of its own choice.
    pub program: String,
    /// `TRACKER_URL`.
    pub tracker_url: String,
    /// `TRACKER_TOKEN_FILE`, as an absolute path: the file that holds the token, for clients that know no variables.
    pub token_file: String,
}

impl Start {
    /// This program, with the settings that it was started with.
    ///
    /// # Errors
    /// The system does not tell where the program or the home folder is, or a path is not Unicode.
    pub fn of_this_program() -> anyhow::Result<Self> {
        let tracker_url = env::var("TRACKER_URL").ok();
        let token_file = match env::var_os("TRACKER_TOKEN_FILE") {
            Some(path) => PathBuf::from(path),
            None => env::home_dir()
                .context("there is no home folder: set TRACKER_TOKEN_FILE")?
                .join(".tracker-token"),
        };
        Ok(Self {
            program: absolute(&env::current_exe()?)?,
            tracker_url: tracker_url.unwrap_or_else(|| "http://127.0.0.1:8089".to_owned()),
            token_file: absolute(&token_file)?,
        })
    }
}

/// JSON is Unicode: other paths cannot stand in it.
fn absolute(path: &Path) -> anyhow::Result<String> {
    let whole = std::path::absolute(path)?;
    let text = whole.to_str().map(str::to_owned);
    text.with_context(|| format!("{} is not Unicode", whole.display()))
}

/// The whole configuration file of `client`. It never holds the token itself.
pub fn configuration(client: Client, start: &Start) -> Value {
    // STARTER 7.8: let _unused = (client, start);
    // STARTER 7.8: json!({ "mcpServers": { NAME: { "command": "tracker-mcp", "args": [] } } })
    // ANCHOR: ex-7-8
    let (variable, token) = match client {
        Client::ClaudeDesktop => ("TRACKER_TOKEN_FILE", start.token_file.as_str()),
        Client::ClaudeCode => ("TRACKER_TOKEN", "${TRACKER_TOKEN}"),
        Client::VsCode => ("TRACKER_TOKEN", "${input:tracker-token}"),
        Client::Cursor => ("TRACKER_TOKEN", "${env:TRACKER_TOKEN}"),
    };
    // A variable of the client is not one of the server: it gets what stands here.
    let env = json!({ "TRACKER_URL": start.tracker_url, variable: token });
    let server = match client {
        Client::ClaudeCode | Client::VsCode => {
            json!({ "type": "stdio", "command": start.program, "args": [], "env": env })
        }
        _ => json!({ "command": start.program, "args": [], "env": env }),
    };
    match client {
        Client::VsCode => json!({
            "inputs": [{
                "type": "promptString",
                "id": "tracker-token",
                "description": "Your token for the tracker",
                "password": true,
            }],
            "servers": { NAME: server },
        }),
        _ => json!({ "mcpServers": { NAME: server } }),
    }
    // ANCHOR_END: ex-7-8
}

/// Prints the configuration of `client` for this very program, and tells beside it where it belongs.
///
/// # Errors
/// As [`Start::of_this_program`].
pub fn print(client: Client) -> anyhow::Result<()> {
    let start = Start::of_this_program()?;
    println!("{:#}", configuration(client, &start));
    eprintln!("This goes into {}.", client.file());
    if client == Client::ClaudeDesktop {
        eprintln!(
            "The token belongs into {}, which nobody else should be able to read.",
            start.token_file
        );
    }
    Ok(())
}
