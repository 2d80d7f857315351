//! `workbook build` and `workbook serve`. Started by `cargo xtask book` and `cargo xtask serve`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{io, process, thread};

use anyhow::Result;
use lexopt::prelude::*;
use workbook::{Mode, build, serve};

const USAGE: &str = "\
usage:
  workbook build --root DIR --out DIR [--draft] [--lifeline]
  workbook serve --root DIR --out DIR [--port 4000] [--open] [--lifeline]

  --root   the checkout of the workbook
  --out    where the book goes
  --draft  write the book in spite of problems, with a box at each of them
  --port   the next free port is taken if this one is in use
  --open   show the book in the browser
  --lifeline  end when standard input ends";

/// What the command line asks for.
struct Arguments {
    command: String,
    root: PathBuf,
    out: PathBuf,
    mode: Mode,
    port: u16,
    open: bool,
    lifeline: bool,
}

fn main() -> ExitCode {
    let arguments = match parse() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    // The server ends by itself, with everything that it started.
    if arguments.lifeline && arguments.command != "serve" {
        thread::spawn(end_with_input);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever started this program holds its standard input, and may die in any way.
fn end_with_input() {
    // An input that cannot be read has ended too.
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
    process::exit(0);
}

fn run(arguments: &Arguments) -> Result<()> {
    let Arguments {
        root,
        out,
        mode,
        port,
        open,
        lifeline,
        ..
    } = arguments;
    if arguments.command == "serve" {
        return serve::run(&serve::Options {
            root: root.clone(),
            out: out.clone(),
            mode: *mode,
            port: *port,
            open: *open,
            lifeline: *lifeline,
        });
    }
    let report = build(root, out, *mode)?;
    for problem in &report.problems {
        eprintln!("{problem}");
    }
    println!(
        "{} pages in {} ms: {}",
        report.pages,
        report.took.as_millis(),
        out.join("index.html").display()
    );
    Ok(())
}

/// `None` if help was asked for.
fn parse() -> Result<Option<Arguments>, lexopt::Error> {
    let mut command = None;
    let (mut root, mut out) = (None, None);
    let (mut mode, mut port, mut open) = (Mode::Strict, 4000, false);
    let mut lifeline = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("root") => root = Some(PathBuf::from(parser.value()?)),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("draft") => mode = Mode::Draft,
            Long("port") => port = parser.value()?.parse()?,
            Long("open") => open = true,
            Long("lifeline") => lifeline = true,
            Long("help") | Short('h') => return Ok(None),
            Value(word) if command.is_none() && (word == "build" || word == "serve") => {
                command = Some(word.to_string_lossy().into_owned());
            }
            other => return Err(other.unexpected()),
        }
    }
    let command = command.ok_or("a command is missing")?;
    let root = root.ok_or("--root is missing")?;
    let out = out.ok_or("--out is missing")?;
    Ok(Some(Arguments {
        command,
        root,
        out,
        mode,
        port,
        open,
        lifeline,
    }))
}
