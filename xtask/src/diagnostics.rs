//! The compiler's messages, as cargo passes them on.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The crate does not compile.
    Error,
    /// It compiles all the same.
    Warning,
    /// Anything else.
    Note,
}

/// One message of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// Such as `E0308`.
    pub code: Option<String>,
    /// Its first line.
    pub message: String,
    /// Everything as the compiler shows it, unshortened.
    pub rendered: String,
    /// The places it points at. Inside a macro: the place that calls it, in a file of the crate.
    pub spans: Vec<Span>,
    /// Folder of the package it is about.
    pub package: PathBuf,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// As the compiler names it: relative to the folder that it was started in.
    pub file: PathBuf,
    /// First line, counted from 1.
    pub line: usize,
    /// Last line.
    pub last_line: usize,
    /// Column of the first sign, counted from 1.
    pub column: usize,
    /// The place itself, not one beside it.
    pub primary: bool,
}

/// A line of cargo's output that matters here.
#[derive(Debug)]
pub(crate) enum Message {
    Diagnostic(Diagnostic),
    /// A program that was built, or an example.
    Program {
        name: String,
        path: PathBuf,
    },
    /// The program of a target of tests.
    Tests(PathBuf),
}

impl Message {
    /// Reads one line of cargo's output; none for lines that do not matter.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        match serde_json::from_str::<Raw>(line).ok()? {
            Raw::CompilerMessage {
                manifest_path,
                message,
            } => message.diagnostic(manifest_path).map(Self::Diagnostic),
            Raw::CompilerArtifact { target, executable } => {
                let path = executable?;
                Some(match target.kind.iter().any(|kind| kind == "test") {
                    true => Self::Tests(path),
                    false => Self::Program {
                        name: target.name,
                        path,
                    },
                })
            }
            Raw::Other => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Raw {
    CompilerMessage {
        manifest_path: PathBuf,
        message: RawMessage,
    },
    CompilerArtifact {
        target: RawTarget,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct RawTarget {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct RawMessage {
    rendered: Option<String>,
    level: String,
    message: String,
    spans: Vec<RawSpan>,
    code: Option<RawCode>,
}

#[derive(Deserialize)]
struct RawCode {
    code: String,
}

#[derive(Deserialize)]
struct RawSpan {
    file_name: PathBuf,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    is_primary: bool,
    expansion: Option<Box<RawExpansion>>,
}

#[derive(Deserialize)]
struct RawExpansion {
    span: RawSpan,
}

impl RawMessage {
    fn diagnostic(self, manifest: PathBuf) -> Option<Diagnostic> {
        let level = match self.level.as_str() {
            level if level.starts_with("error") => Level::Error,
            "warning" => Level::Warning,
            // `failure-note`: "For more information about this error, try …".
            _ => Level::Note,
        };
        // "aborting due to 2 previous errors", "2 warnings emitted": they count, and say nothing.
        let sums_up = self.spans.is_empty()
            && (self.message.starts_with("aborting due to") || self.message.ends_with("emitted"));
        if sums_up || level == Level::Note {
            return None;
        }
        let package = manifest.parent().map(PathBuf::from).unwrap_or_default();
        Some(Diagnostic {
            level,
            code: self.code.map(|code| code.code),
            rendered: with_full_types(self.rendered.unwrap_or_else(|| self.message.clone())),
            message: self.message,
            spans: self.spans.into_iter().map(RawSpan::in_crate).collect(),
            package,
        })
    }
}

/// The compiler shortens long types and puts them into a file. What is wrong with the signature of a tool
/// mostly stands only there, so it is shown too.
fn with_full_types(mut rendered: String) -> String {
    const LONGEST: usize = 4000;
    let files: BTreeSet<PathBuf> = rendered
        .split("has been written to '")
        .skip(1)
        .filter_map(|rest| rest.split('\'').next())
        .map(PathBuf::from)
        .collect();
    for file in files {
        match fs::read_to_string(&file) {
            Ok(full) if full.len() <= LONGEST => {
                rendered.push_str(&format!("  the full type: {}\n", full.trim()));
            }
            _ => {}
        }
    }
    rendered
}

impl RawSpan {
    /// Leaves the macros of other crates: the compiler names their files by absolute paths.
    fn in_crate(self) -> Span {
        let primary = self.is_primary;
        let mut here = self;
        while here.file_name.is_absolute() {
            match here.expansion.take() {
                Some(outer) => here = outer.span,
                None => break,
            }
        }
        Span {
            file: here.file_name,
            line: here.line_start,
            last_line: here.line_end,
            column: here.column_start,
            primary,
        }
    }
}
