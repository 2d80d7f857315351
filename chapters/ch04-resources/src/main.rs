//! The program: reads its command line and its settings, then serves on standard input and output.

use std::process::ExitCode;

use ch04_resources::command_line::{Command, VERSION};
use ch04_resources::server::TrackerServer;
use ch04_resources::settings::Settings;
use ch04_resources::{logging, serve, signals};

fn main() -> anyhow::Result<ExitCode> {
    match Command::read(std::env::args().skip(1)) {
        Ok(Command::Serve) => return serve_stdio(),
        Ok(Command::Version) => println!("{VERSION}"),
        Err(problem) => return Ok(refuse(problem)),
    }
    Ok(ExitCode::SUCCESS)
}

fn serve_stdio() -> anyhow::Result<ExitCode> {
    logging::init();
    let server = match Settings::from_environment() {
        Ok(settings) => TrackerServer::new(settings)?,
        Err(problem) => return Ok(refuse(problem)),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async { serve::serve(server, signals::stop_token()?).await });
    serve::end_runtime(runtime);
    ended.map(|()| ExitCode::SUCCESS).map_err(Into::into)
}

fn refuse(problem: impl std::fmt::Display) -> ExitCode {
    eprintln!("{problem}");
    ExitCode::from(2)
}
