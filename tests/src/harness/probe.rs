//! Compiling a small program against the crate that was just built: for what must not compile.

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::process::Command;

use super::context::Context;
use super::finding::{Stop, Verdict};

/// What the compiler says about a program that it does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The first line of its first error.
    pub first: String,
    /// Everything.
    pub whole: String,
}

/// Where the program names the crate.
const CRATE: &str = "CRATE";

impl Context {
    /// Whether the compiler takes a program, in which `CRATE` stands for the library of the crate. If not, what it says.
    ///
    /// # Errors
    /// The crate was not built, or there is no compiler.
    pub async fn compiles(&self, program: &str) -> Verdict<Result<(), Refusal>> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(target) = &self.subject().target_folder else {
            return Err(Stop::Fault(
                "this check needs what was built of the crate".into(),
            ));
        };
        let name = self.package()?.library();
        let built = target.join("debug");
        let library = built.join(format!("lib{name}.rlib"));
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let source = self.folder()?.join(format!("probe{number}.rs"));
        std::fs::write(&source, program.replace(CRATE, &name))
            .map_err(|error| Stop::Fault(format!("cannot write {}: {error}", source.display())))?;
        let mut compiler =
            Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        compiler
            .args(["--edition", "2024", "--emit", "metadata", "--out-dir"])
            .arg(self.folder()?)
            .arg("--extern")
            .arg(joined(&format!("{name}="), &library))
            .arg("-L")
            .arg(joined("dependency=", &built.join("deps")))
            .arg(&source)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let done = compiler.output().await;
        let done =
            done.map_err(|error| Stop::Fault(format!("cannot start the compiler: {error}")))?;
        if done.status.success() {
            return Ok(Ok(()));
        }
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        // What says nothing about the program itself is no answer to the question.
        if told.contains("error[E0463]") || told.contains("error[E0514]") || !library.is_file() {
            return Err(Stop::Fault(format!(
                "the compiler cannot use {}: {told}",
                library.display()
            )));
        }
        let first = told.lines().find(|line| line.starts_with("error"));
        Ok(Err(Refusal {
            first: first.unwrap_or("an error").to_owned(),
            whole: told,
        }))
    }
}

fn joined(before: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(before);
    text.push(path);
    text
}
