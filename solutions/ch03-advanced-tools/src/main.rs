//! The program: reads its command line and its settings, then serves on standard input and output.

use std::process::ExitCode;

use ch03_advanced_tools_solution::command_line::{Command, VERSION};
use ch03_advanced_tools_solution::server::TrackerServer;
use ch03_advanced_tools_solution::settings::Settings;
use ch03_advanced_tools_solution::{logging, serve, signals};

fn main() -> anyhow::Result<ExitCode> {
    let problem = match Command::read(std::env::args().skip(1)) {
        Ok(Command::Serve) => match Settings::from_environment() {
            Ok(settings) => return serve_stdio(settings),
            Err(problem) => problem.to_string(),
        },
        Ok(Command::Version) => {
            println!("{VERSION}");
            return Ok(ExitCode::SUCCESS);
        }
        Err(problem) => problem.to_owned(),
    };
    eprintln!("{problem}");
    Ok(ExitCode::from(2))
}

fn serve_stdio(settings: Settings) -> anyhow::Result<ExitCode> {
    logging::init();
    let server = TrackerServer::new(settings)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async { serve::serve(server, signals::stop_token()?).await });
    serve::end_runtime(runtime);
    ended?;
    Ok(ExitCode::SUCCESS)
}
