//! Building a crate with cargo, and reading what cargo and the compiler say.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use serde::Serialize;

use crate::cancel::{Cancel, Halt};
use crate::diagnostics::{Diagnostic, Level, Message};
use crate::heard::Heard;
use crate::namesakes;
use crate::paths::Workbook;
use crate::process::{Child, Input, Line};

/// What is built.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The crate's manifest, where it is not a member of the workbook's workspace.
    pub manifest: Option<PathBuf>,
    /// The package, such as `ch02-first-server`; none for the only one of `manifest`.
    pub package: Option<String>,
    /// Only this binary; none for everything that the package makes.
    pub binary: Option<String>,
    /// Only this example.
    pub example: Option<String>,
    /// All programs, and this target of integration tests with them.
    pub tests: Option<String>,
    /// With optimisations.
    pub release: bool,
    /// A file with settings for cargo, such as a profile.
    pub config: Option<PathBuf>,
    /// Where the build goes.
    pub target: PathBuf,
    /// Diagnostics with colour codes: for a terminal.
    pub colour: bool,
    /// Built over and over, so what did not change is kept, whatever the environment says.
    pub incremental: bool,
}

impl Plan {
    /// A member of the workbook's workspace, built into the folder that editors do not use.
    pub fn member(workbook: &Workbook, package: &str) -> Self {
        Self {
            manifest: None,
            package: Some(package.to_owned()),
            binary: None,
            example: None,
            tests: None,
            release: false,
            config: None,
            target: workbook.build_target(),
            colour: false,
            incremental: false,
        }
    }

    /// A crate anywhere, by its manifest.
    pub fn folder(workbook: &Workbook, manifest: &Path) -> Self {
        Self {
            manifest: Some(manifest.to_owned()),
            package: None,
            incremental: true,
            ..Self::member(workbook, "")
        }
    }
}

/// What a build came to.
#[derive(Debug, Clone)]
pub struct Build {
    /// How it ended.
    pub outcome: Outcome,
    /// The program of [`Plan::tests`].
    pub tests: Option<PathBuf>,
    /// What the compiler said about the built package, warnings included.
    pub diagnostics: Vec<Diagnostic>,
    /// Wall-clock time.
    pub took: Duration,
    /// Time spent waiting for another cargo.
    pub waited: Duration,
}

/// How a build ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It compiled: name and path of each executable.
    Ready(Vec<(String, PathBuf)>),
    /// The compiler refuses it; the diagnostics say why.
    Errors,
    /// Cargo refuses to build at all, in its own words.
    Refused(String),
}

impl Build {
    /// The path of the executable called `name`, or of the only one.
    pub fn executable(&self, name: Option<&str>) -> Option<&Path> {
        let Outcome::Ready(executables) = &self.outcome else {
            return None;
        };
        let found = match name {
            Some(name) => executables.iter().find(|(own, _)| own == name),
            None => executables.first(),
        };
        found.map(|(_, path)| path.as_path())
    }

    /// The errors among the diagnostics.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.level == Level::Error)
    }

    /// The warnings among the diagnostics.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.level == Level::Warning)
    }
}

/// How a build goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "building", rename_all = "snake_case")]
pub enum Progress {
    /// Crates that must be downloaded first.
    Fetching {
        /// Cargo's own line.
        line: String,
    },
    /// Another cargo holds the lock.
    Waiting,
    /// So many crates of so many are built.
    Crates {
        /// Built or found ready.
        done: usize,
        /// All of them.
        all: usize,
    },
}

/// How long cargo may be silent: the slowest single crate on a slow machine.
const SILENCE: Duration = Duration::from_secs(600);

/// Builds without the network; crates that the learner's manifest newly names are fetched in a second try.
///
/// # Errors
/// Cancelled, or cargo cannot be run. A crate that does not build is not an error: see [`Outcome`].
pub fn build(
    workbook: &Workbook,
    plan: &Plan,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<Build, Halt> {
    if let Some(manifest) = &plan.manifest {
        namesakes::forget_others(manifest, &plan.target)?;
    }
    let offline = once(workbook, plan, true, cancel, sink)?;
    match &offline.outcome {
        Outcome::Refused(text) if wants_network(text) && !network_is_off() => {
            once(workbook, plan, false, cancel, sink)
        }
        _ => Ok(offline),
    }
}

/// Whether cargo gave up for want of the network.
pub fn wants_network(text: &str) -> bool {
    [
        "offline mode",
        "--offline was specified",
        "no matching package",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Whether the person has told cargo never to use the network.
pub fn network_is_off() -> bool {
    env::var("CARGO_NET_OFFLINE").is_ok_and(|value| value == "true")
}

fn once(
    workbook: &Workbook,
    plan: &Plan,
    offline: bool,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Progress),
) -> Result<Build, Halt> {
    let mut cargo = command(workbook);
    cargo.arg("build");
    let format = match plan.colour {
        true => "json-diagnostic-rendered-ansi",
        false => "json",
    };
    cargo.arg(format!("--message-format={format}"));
    if offline {
        cargo.arg("--offline");
    } else {
        limit_network(&mut cargo);
    }
    if plan.incremental {
        cargo.env("CARGO_INCREMENTAL", "1");
    }
    if let Some(manifest) = &plan.manifest {
        cargo.arg("--manifest-path").arg(manifest);
        // As the workbook's own profile has it: the crates that both use are then built once.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    }
    if let Some(package) = &plan.package {
        cargo.args(["--package", package]);
    }
    if let Some(binary) = &plan.binary {
        cargo.args(["--bin", binary]);
    }
    if let Some(example) = &plan.example {
        cargo.args(["--example", example]);
    }
    if let Some(tests) = &plan.tests {
        // The library too: only what is asked for gets a name without a hash, and programs are compiled against it.
        cargo.args(["--lib", "--bins", "--test", tests]);
    }
    if plan.release {
        cargo.arg("--release");
    }
    if let Some(file) = &plan.config {
        cargo.arg("--config").arg(file);
    }
    cargo.arg("--target-dir").arg(&plan.target);
    let mut reader = Reader::default();
    let began = Instant::now();
    let child = Child::start(cargo, Input::Null).map_err(no_cargo)?;
    let status = child.run(cancel, SILENCE, |line| reader.line(line, sink))?;
    Ok(reader.finish(status.success(), began.elapsed()))
}

/// Cargo in the workbook's folder, with what it needs to tell how far it is.
pub fn command(workbook: &Workbook) -> Command {
    // Set when this program was started by cargo: saves the toolchain proxy's start.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .current_dir(&workbook.root)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "80");
    command
}

/// A dead network is noticed soon, not after cargo's usual minutes.
pub fn limit_network(cargo: &mut Command) {
    cargo
        .env("CARGO_NET_RETRY", "1")
        .env("CARGO_HTTP_TIMEOUT", "15");
}

/// The error of a machine without cargo.
pub fn no_cargo(error: anyhow::Error) -> Halt {
    Halt::Fault(anyhow!(
        "{error:#}. Install Rust from https://rustup.rs and open a new terminal."
    ))
}

/// What to say when a file in the target folder cannot be written.
pub fn unwritable(path: &Path) -> String {
    format!(
        "{} cannot be written. Is the disk full? CARGO_TARGET_DIR may name another folder for builds",
        path.display()
    )
}

/// What was read of cargo's output so far.
#[derive(Default)]
struct Reader {
    diagnostics: Vec<Diagnostic>,
    executables: Vec<(String, PathBuf)>,
    tests: Option<PathBuf>,
    /// Cargo's own words, its progress aside.
    words: Heard,
    waiting_since: Option<Instant>,
    waited: Duration,
}

impl Reader {
    fn line(&mut self, line: Line, sink: &mut dyn FnMut(Progress)) {
        match line {
            Line::Out(text) => {
                self.no_longer_waiting();
                match Message::parse(&text) {
                    Some(Message::Diagnostic(diagnostic)) => self.diagnostics.push(diagnostic),
                    Some(Message::Program { name, path }) => self.executables.push((name, path)),
                    Some(Message::Tests(path)) => self.tests = Some(path),
                    None => {}
                }
            }
            Line::Err(text) => self.stderr(&text, sink),
        }
    }

    fn stderr(&mut self, text: &str, sink: &mut dyn FnMut(Progress)) {
        match Spoken::of(text) {
            Spoken::Blocking => {
                if self.waiting_since.is_none() {
                    self.waiting_since = Some(Instant::now());
                    sink(Progress::Waiting);
                }
                return;
            }
            Spoken::Crates { done, all } => sink(Progress::Crates { done, all }),
            Spoken::Download => sink(Progress::Fetching {
                line: text.trim().to_owned(),
            }),
            Spoken::Status => {}
            Spoken::Words => self.words.push(text.to_owned()),
        }
        self.no_longer_waiting();
    }

    fn no_longer_waiting(&mut self) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += since.elapsed();
        }
    }

    fn finish(mut self, success: bool, took: Duration) -> Build {
        self.no_longer_waiting();
        let failed = self
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Error);
        let outcome = match (success, failed) {
            (true, _) => Outcome::Ready(self.executables),
            (false, true) => Outcome::Errors,
            (false, false) => Outcome::Refused(self.words.text().trim().to_owned()),
        };
        Build {
            outcome,
            tests: self.tests,
            diagnostics: self.diagnostics,
            took,
            waited: self.waited,
        }
    }
}

/// What a line on cargo's standard error says.
pub(crate) enum Spoken {
    /// Another cargo holds a lock.
    Blocking,
    /// The progress bar.
    Crates { done: usize, all: usize },
    /// Something is downloaded.
    Download,
    /// A status line that says nothing worth keeping.
    Status,
    /// Anything else: an error, its causes, a hint.
    Words,
}

impl Spoken {
    /// Understands one line.
    pub(crate) fn of(line: &str) -> Self {
        let words = line.trim_start();
        // Status words stand right-aligned in twelve columns; cargo's errors start at the first.
        if line.len() == words.len() {
            return if words.is_empty() {
                Self::Status
            } else {
                Self::Words
            };
        }
        match words.split(' ').next().unwrap_or_default() {
            "Blocking" => Self::Blocking,
            "Building" => bar(words).map_or(Self::Status, |(done, all)| Self::Crates { done, all }),
            "Downloading" | "Downloaded" | "Updating" | "Fetch" => Self::Download,
            "Compiling" | "Finished" | "Fresh" | "Locking" | "Adding" | "Removing" | "Dirty" => {
                Self::Status
            }
            _ => Self::Words,
        }
    }
}

/// `Building [===>   ] 37/142: rmcp, tokio`
fn bar(words: &str) -> Option<(usize, usize)> {
    let (_, after) = words.split_once(']')?;
    let counts = after.split(':').next()?.trim();
    let (done, all) = counts.split_once('/')?;
    Some((done.parse().ok()?, all.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_bar_is_understood() {
        let line = "    Building [=======>                     ] 37/142: rmcp, tokio(build)   ";
        assert!(matches!(
            Spoken::of(line),
            Spoken::Crates { done: 37, all: 142 }
        ));
        assert!(matches!(
            Spoken::of("    Blocking waiting for file lock on build directory"),
            Spoken::Blocking
        ));
        assert!(matches!(
            Spoken::of("error: failed to parse manifest"),
            Spoken::Words
        ));
    }
}
