//! A server as a command of this program's group, and its end in words.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use reference_tests::harness::{Subject, spoken_status};
use service::Hosted;
use tokio::process::Command;

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(10);

/// Starts it over HTTP, as [`Hosted::start`] does.
///
/// # Errors
/// Those of [`Hosted::start`].
pub(crate) async fn host(subject: &Subject, port: u16) -> io::Result<Hosted> {
    let mut command = Command::new(&subject.command);
    command
        .args(&subject.arguments)
        .envs(subject.environment.iter().cloned());
    if let Some(folder) = &subject.folder {
        command.current_dir(folder);
    }
    Hosted::start(command, port, subject.limits.scaled(START)).await
}

/// Waits for its end, and says how it was.
pub(crate) async fn ended(hosted: &mut Hosted) -> String {
    let status: io::Result<ExitStatus> = hosted.ended().await;
    match status {
        Ok(status) => spoken_status(status),
        Err(error) => format!("nobody knows what: {error}"),
    }
}
