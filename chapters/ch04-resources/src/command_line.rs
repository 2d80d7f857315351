//! What the program is asked to do.

/// Name and version, from Cargo.toml.
pub const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

const USAGE: &str = concat!(
    "usage: ",
    env!("CARGO_PKG_NAME"),
    " [--version]\n",
    "Without an argument it serves MCP on standard input and output."
);

const NO_HTTP: &str =
    "This server speaks over standard input and output only; HTTP comes with chapter 6.";

/// One way to start the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve MCP on standard input and output.
    Serve,
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
            (Some("--version"), None) => Ok(Self::Version),
            (Some("http"), _) => Err(NO_HTTP),
            _ => Err(USAGE),
        }
    }
}
