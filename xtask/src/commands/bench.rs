//! `cargo xtask bench`: measures the budgets, and asserts nothing but that servers endure a long load.

use std::io;

use anyhow::{Result, anyhow};
use lexopt::prelude::*;
use xtask::bench::{Bench, Machine, Part, Row, echo, markdown};
use xtask::cancel::{Cancel, Halt};
use xtask::exit::{Exit, Stop};
use xtask::manifest::Manifest;
use xtask::paths::Workbook;

use super::Args;
use super::print;

/// Measures everything, with `--quick` only what needs no cold build, with `--only PART` one part, and prints a Markdown table.
pub(crate) fn run(workbook: &Workbook, mut args: Args) -> Result<Exit> {
    let mut words = String::from("cargo xtask bench");
    let mut parts = Part::ALL.to_vec();
    while let Some(argument) = args.next()? {
        match argument {
            Long("quick") => {
                parts = Part::QUICK.to_vec();
                words.push_str(" --quick");
            }
            Long("only") => {
                let word = args.value()?.string()?;
                parts = vec![part(&word)?];
                words.push_str(&format!(" --only {word}"));
            }
            // The yardstick for the servers; the measurement starts it.
            Value(word) if word == "echo" => {
                echo::echo(io::stdin().lock(), io::stdout().lock())?;
                return Ok(Exit::Done);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let machine = Machine::look();
    let manifest = Manifest::load(&workbook.root)?;
    let cancel = Cancel::on_signals()?;
    let bench = Bench::new(workbook, &manifest, parts, &cancel)?;
    if bench.parts.contains(&Part::Clone) {
        eprintln!(
            "This takes about a quarter of an hour; `--quick` leaves out what is built from nothing."
        );
    }
    if let Some(warning) = machine.warning() {
        eprintln!("{warning}");
    }
    let mut rows: Vec<Row> = Vec::new();
    let ended = bench.run(&mut |row| {
        // As it goes, for whoever waits; the table comes at the end.
        eprint!("{}", row.line());
        rows.push(row);
    });
    drop(bench);
    let mut text = format!(
        "\nMeasured by `{words}` on {machine}.\n\n{}",
        markdown(&rows)
    );
    if let Some(warning) = machine.warning() {
        text.push_str(&format!("\n{warning}\n"));
    }
    print(&text)?;
    match ended {
        Ok(()) => Ok(Exit::Done),
        Err(Halt::Cancelled) => Err(anyhow!("stopped; the rest was not measured")),
        Err(Halt::Fault(error)) => Err(error),
    }
}

fn part(word: &str) -> Result<Part> {
    let found = Part::ALL.into_iter().find(|part| part.name() == word);
    found.ok_or_else(|| {
        let names = Part::ALL.map(Part::name).join(", ");
        Stop::usage(format!("there is no part `{word}`; there are {names}"))
    })
}
