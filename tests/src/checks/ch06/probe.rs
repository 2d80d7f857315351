//! Compiling a small program against the crate that was just built: for what must not compile.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::harness::{Context, Stop, Verdict};

/// Where the program names the crate.
const CRATE: &str = "CRATE";

/// Whether the compiler takes a program. If not, what it says first.
///
/// # Errors
/// The crate was not built, or there is no compiler.
pub(super) async fn compiles(ctx: &Context, program: &str) -> Verdict<Result<(), String>> {
    let subject = ctx.subject();
    let (Some(folder), Some(target)) = (&subject.crate_folder, &subject.target_folder) else {
        return Err(Stop::Fault(
            "this check needs the crate and where it was built".into(),
        ));
    };
    let name = crate_name(folder)?;
    let built = target.join("debug");
    let library = built.join(format!("lib{name}.rlib"));
    let source = ctx.folder()?.join("probe.rs");
    std::fs::write(&source, program.replace(CRATE, &name))
        .map_err(|error| Stop::Fault(format!("cannot write {}: {error}", source.display())))?;
    let mut compiler = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler
        .args(["--edition", "2024", "--emit", "metadata", "--out-dir"])
        .arg(ctx.folder()?)
        .arg("--extern")
        .arg(joined(&format!("{name}="), &library))
        .arg("-L")
        .arg(joined("dependency=", &built.join("deps")))
        .arg(&source)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let done = compiler.output().await;
    let done = done.map_err(|error| Stop::Fault(format!("cannot start the compiler: {error}")))?;
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
    Ok(Err(first.unwrap_or("an error").to_owned()))
}

fn joined(before: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(before);
    text.push(path);
    text
}

/// The name of the crate's library: that of the package, as Rust writes it.
fn crate_name(folder: &Path) -> Verdict<String> {
    let manifest: PathBuf = folder.join("Cargo.toml");
    let unreadable = || Stop::Fault(format!("{} does not name its package", manifest.display()));
    let text = std::fs::read_to_string(&manifest).map_err(|_| unreadable())?;
    let name = text.lines().find_map(|line| line.strip_prefix("name = "));
    Ok(name
        .ok_or_else(unreadable)?
        .trim_matches('"')
        .replace('-', "_"))
}
