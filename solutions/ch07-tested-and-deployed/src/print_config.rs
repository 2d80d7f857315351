//! What a client has to be told, so that it starts this server.

use std::path::Path;

/// A program that starts MCP servers, by the form of its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// `claude_desktop_config.json`.
    ClaudeDesktop,
    /// `.mcp.json`.
    ClaudeCode,
    /// `.vscode/mcp.json`.
    VsCode,
    /// `.cursor/mcp.json`.
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
}

/// The configuration of `client` for the program at `program`, as JSON.
pub fn configuration(client: Client, program: &Path) -> serde_json::Value {
    // STARTER 7.8: let _unused = (client, program);
    // STARTER 7.8: serde_json::json!({})
    // ANCHOR: ex-7-8
    let entry = serde_json::json!({ "command": program, "args": [] });
    match client {
        Client::VsCode => serde_json::json!({ "servers": { "tracker": entry } }),
        _ => serde_json::json!({ "mcpServers": { "tracker": entry } }),
    }
    // ANCHOR_END: ex-7-8
}

/// Prints the configuration of `client` for this very program.
///
/// # Errors
/// The system does not tell where this program is.
pub fn print(client: Client) -> std::io::Result<()> {
    let program = std::env::current_exe()?;
    println!("{:#}", configuration(client, &program));
    Ok(())
}
