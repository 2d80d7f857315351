//! The exchanges that the book shows: scripts, and what the real servers said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use crate::cancel::{Cancel, Halt};
use crate::cargo::{self, Plan};
use crate::manifest::{Chapter, Manifest};
use crate::paths::Workbook;
use crate::process::{Child, Input, Line};
use crate::suggest::did_you_mean;

/// How long a recording may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// A recording script with what it was found to say.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The script.
    pub script: PathBuf,
    /// What was said, one JSON object a line.
    pub text: String,
}

/// What is needed of a script here; the checker reads the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Script {
    /// The chapter.
    server: String,
    /// Its example that is run in place of the server.
    example: Option<String>,
    /// The program that records it, if it is not this one.
    by: Option<String>,
}

impl Recording {
    /// The file beside the script that keeps the recording.
    pub fn path(&self) -> PathBuf {
        self.script.with_extension("jsonl")
    }

    /// What that file holds now; nothing if it is not there yet.
    pub fn kept(&self) -> String {
        fs::read_to_string(self.path()).unwrap_or_default()
    }
}

/// Runs every script of the book whose server is one of `chapters`, against the solutions.
///
/// # Errors
/// Cancelled; a script that is wrong, a solution that does not build, a server that does not answer.
pub fn record(
    workbook: &Workbook,
    manifest: &Manifest,
    chapters: &[&Chapter],
    checker: &Path,
    cancel: &Cancel,
) -> Result<Vec<Recording>, Halt> {
    let mut programs: BTreeMap<Script, PathBuf> = BTreeMap::new();
    let mut recordings = Vec::new();
    for script in scripts(&workbook.root.join("book/src"))? {
        let wanted = read(&script, manifest)?;
        let Some(chapter) = chapters
            .iter()
            .find(|chapter| chapter.name == wanted.server)
        else {
            continue;
        };
        if wanted.by.is_some() {
            continue;
        }
        let program = match programs.get(&wanted) {
            Some(program) => program.clone(),
            None => {
                let program = solution_program(workbook, chapter, &wanted, cancel)?;
                programs.insert(wanted, program.clone());
                program
            }
        };
        let mut command = Command::new(checker);
        command.arg("record").arg(&script);
        if chapter.tracker {
            command.arg("--tracker");
        }
        command.arg("--").arg(&program);
        let text = run(command, cancel).map_err(|halt| about(halt, &workbook.shown(&script)))?;
        recordings.push(Recording { script, text });
    }
    Ok(recordings)
}

fn about(halt: Halt, what: &str) -> Halt {
    match halt {
        Halt::Cancelled => Halt::Cancelled,
        Halt::Fault(error) => Halt::Fault(error.context(format!("{what} cannot be recorded"))),
    }
}

/// Every `wire/*.toml` below `folder`, sorted.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let is_script = path.extension().is_some_and(|end| end == "toml");
            if path.is_dir() {
                folders.push(path);
            } else if is_script && folder.ends_with("wire") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a script. Every script names a server that is there, whichever chapters are asked for.
fn read(path: &Path, manifest: &Manifest) -> Result<Script> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let script: Script =
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    let chapters = manifest.chapters.iter();
    let names: Vec<&str> = chapters.map(|chapter| chapter.name.as_str()).collect();
    if names.contains(&script.server.as_str()) {
        return Ok(script);
    }
    let near = did_you_mean(&script.server, names)
        .map_or(String::new(), |near| format!("did you mean `{near}`? "));
    bail!(
        "{} names the server `{}`, which no chapter has; {near}book/workbook.toml lists the names",
        path.display(),
        script.server
    )
}

fn solution_program(
    workbook: &Workbook,
    chapter: &Chapter,
    wanted: &Script,
    cancel: &Cancel,
) -> Result<PathBuf, Halt> {
    let plan = Plan {
        example: wanted.example.clone(),
        ..Plan::member(workbook, &chapter.solution_package())
    };
    let build = cargo::build(workbook, &plan, cancel, &mut |_| {})?;
    match build.executable(None) {
        Some(program) => Ok(program.to_owned()),
        None => Err(Halt::Fault(anyhow!(
            "solutions/{} does not build; `cargo build -p {}` says why",
            chapter.name,
            chapter.solution_package()
        ))),
    }
}

fn run(command: Command, cancel: &Cancel) -> Result<String, Halt> {
    let (mut text, mut words) = (String::new(), String::new());
    let child = Child::start(command, Input::Lifeline)?;
    let status = child.run(cancel, SILENCE, |line| {
        let (target, line) = match line {
            Line::Out(line) => (&mut text, line),
            Line::Err(line) => (&mut words, line),
        };
        target.push_str(&line);
        target.push('\n');
    })?;
    if status.success() {
        Ok(text)
    } else {
        Err(Halt::Fault(anyhow!(words.trim().to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_for_a_server_that_is_not_there_is_not_left_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = Manifest::load(&root).expect("the manifest is right");
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("call.toml");
        fs::write(&script, "server = \"ch02-frist-server\"\n").expect("is written");
        let error = read(&script, &manifest)
            .map(|_| ())
            .expect_err("there is none of this name");
        let words = error.to_string();
        assert!(
            words.contains("call.toml names the server `ch02-frist-server`"),
            "{words}"
        );
        assert!(
            words.contains("did you mean `ch02-first-server`?"),
            "{words}"
        );
    }
}
