//! The checker: judges a server, records exchanges with it, talks to it from the terminal, runs it over HTTP, and runs the
//! tracker and the issuer.
//!
//! `cargo xtask` starts it and reads its events. It ends with 0 whenever its output is complete, with 2 if
//! it was called wrongly, and with 4 if it could not do its work; `talk` ends with 1 if the server failed.

mod arguments;
mod connect;
mod host;
mod issuer;
mod record;
mod soak;
mod subject;
mod talk;
mod tracker;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use reference_tests::checks;
use reference_tests::harness::{Lifeline, run};
use serde::Serialize;
use verdict::Event;

use crate::arguments::{Command, Request};

/// The checker or the machine is at fault.
const OWN_FAULT: u8 = 4;
/// A person talked with a server that ended or fell silent; the other verbs tell such things in their output.
const SERVER_FAILED: u8 = 1;
/// Called wrongly.
const WRONG_USAGE: u8 = 2;
/// How long the end of the program waits for servers to be killed.
const LAST_WAIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let code = match Request::read(std::env::args_os()) {
        Err(problem) => {
            eprintln!("checker: {problem}\n\n{}", arguments::USAGE);
            WRONG_USAGE
        }
        Ok(request) => match perform(request) {
            Ok(true) => 0,
            Ok(false) => SERVER_FAILED,
            Err(error) => {
                eprintln!("checker: {error:#}");
                OWN_FAULT
            }
        },
    };
    // A thread may hang in a read from standard input; returning from main does not wait for it.
    ExitCode::from(code)
}

fn perform(request: Request) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let ended = runtime.block_on(async {
        match request.command {
            Command::Check(selection, subject) => {
                let work = run(checks::all(), &selection, Arc::new(*subject), print);
                tokio::select! {
                    () = work => Ok(true),
                    reason = Lifeline::from_stdin().cut() => Err(anyhow::anyhow!("given up: {reason}")),
                }
            }
            Command::List => {
                let checks = checks::all().iter().map(|check| check.info().clone()).collect();
                print(Event::Plan { checks });
                Ok(true)
            }
            Command::Record(options, subject) => {
                tokio::select! {
                    done = record::record(&options, *subject) => done.map(|()| true),
                    reason = Lifeline::from_stdin().cut() => Err(anyhow::anyhow!("given up: {reason}")),
                }
            }
            Command::Soak(subject) => {
                tokio::select! {
                    done = soak::soak(&subject) => done.map(|()| true),
                    reason = Lifeline::from_stdin().cut() => Err(anyhow::anyhow!("given up: {reason}")),
                }
            }
            Command::Endure(calls, subject) => {
                tokio::select! {
                    done = soak::capstone::soak(calls, &subject) => done.map(|()| true),
                    reason = Lifeline::from_stdin().cut() => Err(anyhow::anyhow!("given up: {reason}")),
                }
            }
            Command::Talk(options, subject) => {
                talk::talk(options, subject.map(|subject| *subject)).await
            }
            Command::Connect(options, subject) => {
                connect::run(&options, subject.as_deref()).await.map(|()| true)
            }
            Command::Host(options, subject) => {
                host::host(&options, *subject).await.map(|()| true)
            }
            Command::Tracker(options) => tracker::run(&options).await.map(|()| true),
            Command::Issuer(options) => issuer::run(&options).await.map(|()| true),
        }
    });
    // Everything that still runs is dropped here, which kills the servers.
    runtime.shutdown_timeout(LAST_WAIT);
    ended
}

/// Prints an event as one line, at once. If nobody reads any more, the lifeline ends the program.
fn print(event: Event) {
    print_line(&event);
}

fn print_line(value: &impl Serialize) {
    if let Ok(mut line) = serde_json::to_vec(value) {
        line.push(b'\n');
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(&line);
        let _ = stdout.flush();
    }
}
