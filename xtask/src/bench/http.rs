//! How fast the server over HTTP is, beside an endpoint that does next to nothing; and what two lines of it are worth.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use verdict::{HttpLoad, HttpRound};

use super::machine::Machine;
use super::table::{Row, time};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo::{Plan, build};
use crate::manifest::Chapter;
use crate::near_misses::{Edit, edited};
use crate::process::Input;
use crate::scratch::{self, Scratch};
use crate::sources::Sources;

/// The chapter whose server is measured.
const CHAPTER: &str = "ch06";
/// One round takes so long, in seconds.
const SECONDS: u64 = 10;
/// Four rounds, their warm-ups and the starts; a machine may be slow.
const LIMIT: Duration = Duration::from_secs(120);
/// The budget for the memory, in KiB.
const MEMORY: u64 = 20 * 1024;
/// Where the numbers go, below the chapter's folder in the book.
const FILE: &str = "measured/speed.json";

/// What the server writes in one piece, or in two.
const JSON: (&str, &str, &str) = (
    "src/http.rs",
    ".with_json_response(true)",
    ".with_json_response(false)",
);
/// Whether small pieces go out at once.
const NODELAY: (&str, &str, &str) = (
    "src/http.rs",
    "stream.set_nodelay(true)",
    "stream.set_nodelay(false)",
);

/// A server as it is measured.
struct Variant {
    name: &'static str,
    edits: &'static [(&'static str, &'static str, &'static str)],
    /// The least share of the yardstick, in percent; none where something is wrong on purpose.
    budget: Option<f64>,
}

const VARIANTS: [Variant; 4] = [
    Variant {
        name: "reply as JSON",
        edits: &[],
        budget: Some(20.0),
    },
    Variant {
        name: "reply as a stream",
        edits: &[JSON],
        budget: Some(15.0),
    },
    Variant {
        name: "reply as JSON, without TCP_NODELAY",
        edits: &[NODELAY],
        budget: None,
    },
    Variant {
        name: "reply as a stream, without TCP_NODELAY",
        edits: &[JSON, NODELAY],
        budget: None,
    },
];

/// All numbers, as the book reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    /// The machine, in words.
    pub machine: String,
    /// The command that has measured.
    pub command: String,
    /// Seconds of each round.
    pub seconds: u64,
    /// The servers, in the order of measuring.
    pub servers: Vec<Measured>,
}

/// What was measured of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// What it does, in a few words.
    pub name: String,
    /// Its numbers, and those of the yardstick beside it.
    pub load: HttpLoad,
}

impl Measured {
    /// The share of the yardstick in calls a second, in percent, for each round.
    pub fn shares(&self) -> impl Iterator<Item = f64> {
        let pairs = self.load.server.iter().zip(&self.load.bare);
        pairs.map(|(own, bare)| own.rate() * 100.0 / bare.rate().max(1.0))
    }
}

impl Bench<'_> {
    /// The server of the chapter in four variants. The numbers go into the book.
    pub(super) fn http(&self, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        let chapters = self.manifest.chapters.iter();
        for chapter in chapters.filter(|chapter| chapter.id == CHAPTER) {
            let machine = Machine::look();
            let mut servers = Vec::new();
            for variant in &VARIANTS {
                let row = Row::new(
                    format!("{} over HTTP: {}", chapter.name, variant.name),
                    format!(
                        "release, `tools/call` with a token that is checked, RUST_LOG=warn; 1 and 32 connections, {SECONDS} s each, in turn with bare axum"
                    ),
                );
                let row = match variant.budget {
                    Some(least) => row.budget(format!("≥ {least:.0} % of bare axum, ≤ 20 MB")),
                    None => row,
                };
                let measured = self.measure(chapter, variant);
                let found = settle(row, measured, told, |row, found| shown(row, variant, found))?;
                servers.extend(found);
            }
            if servers.len() == VARIANTS.len() {
                self.keep(chapter, &machine, servers)?;
            }
        }
        Ok(())
    }

    fn measure(&self, chapter: &Chapter, variant: &Variant) -> Result<Measured, Halt> {
        let server = self.variant(chapter, variant)?;
        let plan = Plan {
            release: true,
            // Kept: to build it takes longer than to measure.
            target: self.workbook.target.clone(),
            ..Plan::member(self.workbook, "load")
        };
        let built = build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        let load = built.executable(None);
        let load = load.ok_or_else(|| fault("the package load does not build"))?;
        let mut command = Command::new(load);
        command.arg(SECONDS.to_string()).arg(server);
        Ok(Measured {
            name: variant.name.to_owned(),
            load: self.last_line(command, Input::Null, LIMIT)?,
        })
    }

    /// The solution with edits, with optimisations.
    fn variant(&self, chapter: &Chapter, variant: &Variant) -> Result<PathBuf, Halt> {
        let sources = Sources::read(&self.workbook.root, chapter)?;
        let edits: Vec<Edit> = variant
            .edits
            .iter()
            .map(|(file, find, replace)| Edit {
                file: (*file).into(),
                find: (*find).to_owned(),
                replace: (*replace).to_owned(),
            })
            .collect();
        let solution = scratch::solution(&sources);
        let files = match edits[..] {
            [] => solution,
            _ => edited(&solution, &edits)?,
        };
        let scratch = Scratch::new(self.workbook, chapter, 0)?;
        scratch.hold(&files)?;
        let plan = Plan {
            release: true,
            incremental: false,
            target: self.workbook.target.clone(),
            ..Plan::folder(self.workbook, &scratch.folder.join("Cargo.toml"))
        };
        let built = build(self.workbook, &plan, self.cancel, &mut |_| {})?;
        match built.executable(None) {
            Some(program) => Ok(program.to_owned()),
            None => Err(fault("the server does not build")),
        }
    }

    fn keep(
        &self,
        chapter: &Chapter,
        machine: &Machine,
        servers: Vec<Measured>,
    ) -> anyhow::Result<()> {
        let speed = Speed {
            machine: machine.to_string(),
            command: "cargo xtask bench --only http".to_owned(),
            seconds: SECONDS,
            servers,
        };
        let book = self.workbook.root.join("book/src");
        let path = book.join(&chapter.name).join(FILE);
        let text = serde_json::to_string_pretty(&speed)? + "\n";
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        eprintln!("{} is new; the book shows it", self.workbook.shown(&path));
        Ok(())
    }
}

fn shown(row: Row, variant: &Variant, found: &Measured) -> Row {
    let rounds = found.load.server.iter().zip(found.shares());
    let texts: Vec<String> = rounds.map(|(own, share)| one(own, share)).collect();
    let memory = found.load.resident_kib;
    let text = format!(
        "{}; {:.1} MB in memory",
        texts.join("; "),
        memory as f64 / 1024.0
    );
    let errors: u64 = found.load.server.iter().map(|round| round.errors).sum();
    let text = match errors {
        0 => text,
        errors => format!("{text}; {errors} calls were answered with an error"),
    };
    let enough = |least: f64| found.shares().all(|share| share >= least) && memory <= MEMORY;
    row.measured(text, variant.budget.is_none_or(enough) && errors == 0)
}

fn one(round: &HttpRound, share: f64) -> String {
    format!(
        "{} {}: {share:.0} %, {:.0} calls/s, p50 {}, p99 {}",
        round.connections,
        match round.connections {
            1 => "connection",
            _ => "connections",
        },
        round.rate(),
        time(Duration::from_micros(round.median_micros)),
        time(Duration::from_micros(round.p99_micros)),
    )
}
