//! What the program is asked to do.

/// Name and version, from Cargo.toml.
pub const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

const USAGE: &str = concat!(
    "usage: ",
    env!("CARGO_PKG_NAME"),
    " [http | --version]\n",
    "Without an argument it serves MCP on standard input and output,\n",
    "with `http` at the address that MCP_LISTEN names."
);

/// One way to start the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve MCP on standard input and output.
    Serve,
    /// Serve MCP over HTTP.
    Http,
    /// Print name and version.
    Version,
}

impl Command {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// What to tell the person who typed them.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, &'static str> {
        match (arguments.next().as_deref(), arguments.next()) {
            (None, _) => Ok(Self::Serve),
            (Some("http"), None) => Ok(Self::Http),
            (Some("--version"), None) => Ok(Self::Version),
            _ => Err(USAGE),
        }
    }
}
