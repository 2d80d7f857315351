//! The program: reads its command line and its settings, then serves on the transport it was asked for.

use std::process::ExitCode;

use ch08_capstone::command_line::{Command, VERSION};
use ch08_capstone::settings::Settings;
use ch08_capstone::{logging, serve, transport};

fn main() -> anyhow::Result<ExitCode> {
    match Command::read(std::env::args().skip(1)) {
        Ok(Command::Version) => println!("{VERSION}"),
        Ok(command) => return start(command),
        Err(problem) => return Ok(refuse(problem)),
    }
    Ok(ExitCode::SUCCESS)
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    logging::init();
    let settings = match Settings::from_environment(command) {
        Ok(settings) => settings,
        Err(problem) => return Ok(refuse(problem)),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(transport::serve(command, settings));
    serve::end_runtime(runtime);
    ended.map(|()| ExitCode::SUCCESS)
}

fn refuse(problem: impl std::fmt::Display) -> ExitCode {
    eprintln!("{problem}");
    ExitCode::from(2)
}
