//! What the program is asked to do.

use crate::print_config::Client;

/// Name and version, from Cargo.toml.
pub const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

const USAGE: &str = concat!(
    "usage: ",
    env!("CARGO_PKG_NAME"),
    " [http | print-config CLIENT | --version]\n",
    "Without an argument it serves MCP on standard input and output,\n",
    "with `http` at the address that MCP_LISTEN names.\n",
    "CLIENT is claude-desktop, claude-code, vscode or cursor."
);

/// One way to start the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve MCP on standard input and output.
    Serve,
    /// Serve MCP over HTTP.
    Http,
    /// Print what a client has to be told about this program.
    PrintConfig(Client),
    /// Print name and version.
    Version,
}

impl Command {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// What to tell the person who typed them.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, &'static str> {
        let arguments: Vec<String> = arguments.collect();
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Ok(Self::Serve),
            ["http"] => Ok(Self::Http),
            ["print-config", client] => Client::named(client).map(Self::PrintConfig).ok_or(USAGE),
            ["--version"] => Ok(Self::Version),
            _ => Err(USAGE),
        }
    }
}
