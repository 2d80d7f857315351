//! The log of the server, for the people who run it.

/// Sets up the log. `RUST_LOG` chooses what it tells; without it, information, warnings and errors.
///
/// Over stdio, standard output belongs to the protocol: every line there is one message.
/// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio>
pub fn init() {
    use std::io::{IsTerminal, stderr};
    use tracing_subscriber::filter::{EnvFilter, LevelFilter};

    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    // Colour codes are for a person at a terminal: a client keeps what it reads here in a file.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal() && !no_color)
        .init();
}
