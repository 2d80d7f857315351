//! The program: reads its command line, then serves on standard input and output.

use std::process::ExitCode;

use ch01_hello_world::command_line::{Command, VERSION};
use ch01_hello_world::server::Greeter;
use ch01_hello_world::{lifecycle, logging, serve, wire};

fn main() -> anyhow::Result<ExitCode> {
    match Command::read(std::env::args().skip(1)) {
        Ok(Command::Serve) => serve_stdio()?,
        Ok(Command::Version) => println!("{VERSION}"),
        Ok(Command::Wire) => wire::lines().iter().for_each(|line| println!("{line}")),
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
    let ended = runtime.block_on(lifecycle::run(Greeter::new()));
    serve::end_runtime(runtime);
    Ok(ended?)
}
