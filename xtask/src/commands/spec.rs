//! `cargo xtask spec`: finds faults in a specification, or starts one.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lexopt::prelude::*;
use xtask::client_config::quoted;
use xtask::exit::{Exit, Stop};
use xtask::paths::Workbook;
use xtask::spec::Specification;
use xtask::spec::lint::{Fault, Finding, faults};
use xtask::spec::parse::specification;
use xtask::spec::skeleton::{self, Kind};
use xtask::style::{Style, harmless};
use xtask::suggest::did_you_mean;

use super::{Args, print};

/// A longer file is no specification that anybody reads.
const LONGEST: u64 = 1_000_000;

/// Where the texts of a finding begin.
const INDENT: usize = 12;

/// Does what the word after `spec` says.
pub(crate) fn run(_: &Workbook, mut args: Args) -> Result<Exit> {
    let word = match args.next()? {
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
        None => return Err(Stop::usage(USAGE)),
    };
    let mut words = Vec::new();
    while let Some(argument) = args.next()? {
        match argument {
            Value(word) => words.push(PathBuf::from(word)),
            other => return Err(other.unexpected().into()),
        }
    }
    match (word.as_str(), words.as_slice()) {
        ("lint", [file]) => lint(file),
        ("new", [kind]) => start(&kind.to_string_lossy(), None),
        ("new", [kind, folder]) => start(&kind.to_string_lossy(), Some(folder)),
        ("lint" | "new", _) => Err(Stop::usage(USAGE)),
        (other, _) => Err(Stop::usage(match did_you_mean(other, ["lint", "new"]) {
            Some(near) => {
                format!("there is no `spec {other}`; did you mean `cargo xtask spec {near}`?")
            }
            None => format!("there is no `spec {other}`. {USAGE}"),
        })),
    }
}

const USAGE: &str = "`spec` takes a word and what that needs:\n\
    cargo xtask spec lint FILE          finds the usual faults of a specification\n\
    cargo xtask spec new KIND [DIR]     starts one, for crm, analytics or project";

fn lint(file: &Path) -> Result<Exit> {
    let shown = harmless(&file.display().to_string());
    let read = specification(&read(file, &shown)?);
    let found = faults(&read);
    print(&match found.as_slice() {
        [] => praised(&shown, &read),
        found => told(&shown, found),
    })?;
    Ok(match found.as_slice() {
        [] => Exit::Done,
        _ => Exit::NotYet,
    })
}

fn read(file: &Path, shown: &str) -> Result<String> {
    let about = fs::metadata(file).map_err(|error| {
        Stop::usage(match error.kind() {
            ErrorKind::NotFound => format!(
                "{shown} cannot be read: there is no such file; to start one: cargo xtask spec new project DIR"
            ),
            _ => format!("{shown} cannot be read: {error}"),
        })
    })?;
    if about.is_dir() {
        return Err(Stop::usage(format!(
            "{shown} is a folder; name the file, such as {}",
            harmless(&file.join(skeleton::FILE).display().to_string())
        )));
    }
    if about.len() > LONGEST {
        return Err(Stop::usage(format!(
            "{shown} has more than {LONGEST} bytes: that is no specification"
        )));
    }
    let bytes = fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    String::from_utf8(bytes).map_err(|_| Stop::usage(format!("{shown} is not UTF-8 text")))
}

fn praised(shown: &str, read: &Specification) -> String {
    let musts = read.criteria.iter().filter(|one| one.is_must()).count();
    format!(
        "ok  {shown}: {} criteria, {musts} of them must; {} tools and prompts; none of the usual faults\n",
        read.criteria.len(),
        read.operations.len()
    )
}

fn told(shown: &str, found: &[Finding]) -> String {
    let style = Style::of_stdout();
    let mut text = String::new();
    let mut kinds: BTreeMap<Fault, usize> = BTreeMap::new();
    for finding in found {
        *kinds.entry(finding.fault).or_default() += 1;
        let fault = harmless(&format!("{}: {}", finding.fault, finding.what));
        text.push_str(&format!("{shown}:{}\n", finding.line));
        text.push_str(&style.labelled(INDENT, "  fault", &fault));
        text.push_str(&style.labelled(INDENT, "  cure", &harmless(&finding.cure)));
        text.push('\n');
    }
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(fault, count)| format!("{count} {fault}"))
        .collect();
    let noun = if found.len() == 1 { "fault" } else { "faults" };
    let sum = format!("{} {noun} in {shown}: {}", found.len(), kinds.join(", "));
    text.push_str(&style.wrapped(0, &sum));
    text
}

fn start(word: &str, folder: Option<&Path>) -> Result<Exit> {
    let kind = Kind::named(word).ok_or_else(|| {
        Stop::usage(match did_you_mean(word, Kind::ALL.map(Kind::name)) {
            Some(near) => format!("there is no kind `{word}`; did you mean `{near}`?"),
            None => format!("there is no kind `{word}`; there are crm, analytics and project"),
        })
    })?;
    let path = folder.unwrap_or(Path::new("")).join(skeleton::FILE);
    let shown = quoted(&path.display().to_string());
    skeleton::write(kind, &path).map_err(|error| match skeleton::is_there(&error) {
        true => Stop::usage(format!(
            "{shown} is there already, and stays as it is; name another folder: cargo xtask spec new {word} DIR"
        )),
        false => Stop::usage(format!(
            "{shown} cannot be written: {error}; name another folder: cargo xtask spec new {word} DIR"
        )),
    })?;
    print(&format!(
        "{shown} has the first criteria. What only you know is still open.\n\n\
         next      cargo xtask spec lint {shown}\n          {} is a whole one\n",
        kind.example()
    ))?;
    Ok(Exit::Done)
}
