//! What the program is asked to do.

const USAGE: &str = concat!(
    "usage: ",
    env!("CARGO_PKG_NAME"),
    " [--version | wire]\n",
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
    /// Print five requests, written by hand.
    Wire,
}

impl Command {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// What to tell the person who typed them.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, &'static str> {
        let arguments: Vec<String> = arguments.collect();
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(Self::Serve),
            ["--version"] => Ok(Self::Version),
            ["wire"] => Ok(Self::Wire),
            ["http", ..] => Err(NO_HTTP),
            _ => Err(USAGE),
        }
    }
}
