//! The program: reads its command line, then serves on standard input and output.

use std::process::ExitCode;

use ch02_first_server::command_line::{Command, VERSION};
use ch02_first_server::server::BoardServer;
use ch02_first_server::{logging, serve, signals};

fn main() -> anyhow::Result<ExitCode> {
    match Command::read(std::env::args().skip(1)) {
        Ok(Command::Serve) => serve_stdio()?,
        Ok(Command::Version) => println!("{VERSION}"),
        Err(problem) => {
            eprintln!("{problem}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn serve_stdio() -> anyhow::Result<()> {
    logging::init();
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async {
        let stop = signals::stop_token()?;
        serve::serve(BoardServer::new(), stop).await
    });
    serve::end_runtime(runtime);
    Ok(ended?)
}
