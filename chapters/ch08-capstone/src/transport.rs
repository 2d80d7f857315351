//! Choosing how to serve: over stdio for whoever has started the process, over HTTP for others.

use crate::command_line::Command;
use crate::server::TrackerServer;
use crate::settings::Settings;
use crate::{http, serve, signals};

/// Serves until the client hangs up or the process is told to stop.
///
/// # Errors
/// The transport cannot be had, or fails.
pub async fn serve(command: Command, settings: Settings) -> anyhow::Result<()> {
    let stop = signals::stop_token()?;
    match command {
        Command::Http => http::serve(settings, stop).await,
        _ => {
            let server = TrackerServer::local(settings, stop.clone())?;
            let ended = serve::serve(server.clone(), stop).await;
            server.let_calls_end().await;
            Ok(ended?)
        }
    }
}
