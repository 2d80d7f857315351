//! `cargo xtask new`: a crate of one's own, made from a chapter and proven to build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use lexopt::prelude::*;
use xtask::cancel::Cancel;
use xtask::client_config::quoted;
use xtask::exit::{Exit, Stop};
use xtask::handover::hand_over;
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::own_copy::{
    Origin, absolute, collect, dependencies, destination_problem, name_problem, write,
};
use xtask::paths::Workbook;

use super::built::{download, interrupted};
use super::{Args, print, select};

/// What the command line asks for.
struct Order {
    destination: PathBuf,
    from: String,
    name: String,
    origin: Origin,
}

/// Copies, builds the copy, and puts it in its place only if it builds.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let order = parse(args)?;
    let manifest = Manifest::load(&workbook.root)?;
    let chapter = match select(&manifest, &order.from)? {
        Selection::Chapter(chapter) => chapter,
        Selection::Exercise(chapter, exercise) => {
            return Err(Stop::usage(format!(
                "a whole chapter is copied: --from {} has everything of {} too",
                chapter.id, exercise.id
            )));
        }
        Selection::All => {
            return Err(Stop::usage(
                "one chapter is copied; name it, such as --from ch02",
            ));
        }
    };
    refuse_what_cannot_be(workbook, chapter, &order)?;
    let copy = collect(
        workbook,
        chapter,
        order.origin,
        &order.name,
        &order.destination,
    )?;

    let cancel = Cancel::on_signals()?;
    // A manifest that cargo refuses may belong to another chapter; the copy stands alone.
    let _refused = download(workbook, &cancel)?;
    let proving = Proving::begin(workbook, &order.name)?;
    write(&proving.folder, &copy.files)?;
    print(&format!(
        "building {} to prove that it builds …\n",
        order.name
    ))?;
    if !builds(workbook, &proving.folder, &cancel)? {
        return Err(Stop::does_not_build(format!(
            "chapters/{} does not build under the name {} (cargo's words are above), so nothing was written.\n\
             Repair it (`cargo xtask check {}` says more), or copy the reference solution: add --solution",
            chapter.name, order.name, chapter.id
        )));
    }
    put_in_place(&proving.folder, &copy.files, &order.destination)?;
    print(&told(chapter, &order, &copy.unwritten))?;
    Ok(Exit::Done)
}

fn parse(mut args: Args) -> Result<Order> {
    let (mut destination, mut from, mut name) = (None, None, None);
    let mut origin = Origin::Chapter;
    while let Some(argument) = args.next()? {
        match argument {
            Long("from") => from = Some(args.value()?.string()?),
            Long("name") => name = Some(args.value()?.string()?),
            Long("solution") => origin = Origin::Solution,
            Value(folder) if destination.is_none() => destination = Some(PathBuf::from(folder)),
            other => return Err(other.unexpected().into()),
        }
    }
    let example = "cargo xtask new ../my-server --from ch02";
    let destination = destination
        .ok_or_else(|| Stop::usage(format!("where should it go? For example: {example}")))?;
    let from = from.ok_or_else(|| {
        Stop::usage(format!(
            "which chapter should it be made from? For example: {example}"
        ))
    })?;
    let destination = absolute(&destination)?;
    let name = match name {
        Some(name) => name,
        None => destination
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .ok_or_else(|| {
                Stop::usage(format!("that folder has no name. For example: {example}"))
            })?,
    };
    Ok(Order {
        destination,
        from,
        name,
        origin,
    })
}

fn refuse_what_cannot_be(workbook: &Workbook, chapter: &Chapter, order: &Order) -> Result<()> {
    if let Some(problem) = destination_problem(workbook, &order.destination) {
        return Err(Stop::usage(problem));
    }
    let manifest = chapter.solution_folder(&workbook.root).join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("{} cannot be read", manifest.display()))?;
    match name_problem(&order.name, &dependencies(&text)?) {
        Some(problem) => Err(Stop::usage(problem)),
        None => Ok(()),
    }
}

/// The folder in which a copy is built before it is put in its place; it goes when this goes.
struct Proving {
    folder: PathBuf,
}

impl Proving {
    fn begin(workbook: &Workbook, name: &str) -> Result<Self> {
        let folder =
            workbook
                .build_target()
                .join("new")
                .join(format!("{}-{}", name, std::process::id()));
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }
}

impl Drop for Proving {
    fn drop(&mut self) {
        // It lies in the target folder: what is left there hurts nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Builds the copy with what the chapter's builds have made already; cargo speaks for itself.
fn builds(workbook: &Workbook, folder: &Path, cancel: &Cancel) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--offline", "--target-dir"])
        .arg(workbook.build_target())
        .current_dir(folder)
        .stdout(Stdio::null());
    let status = hand_over(&mut build, cancel)?;
    if cancel.is_cancelled() {
        return Err(interrupted("stopped; nothing was written"));
    }
    Ok(status.success())
}

/// Copies what was proven; if that fails half-way, nothing is left.
fn put_in_place(proven: &Path, files: &[(PathBuf, Vec<u8>)], destination: &Path) -> Result<()> {
    let was_there = destination.is_dir();
    let mut files = files.to_vec();
    // Cargo has taken out of the lock what this crate does not need.
    for (path, bytes) in &mut files {
        if path == Path::new("Cargo.lock") {
            *bytes = fs::read(proven.join(&*path)).context("the lock file is gone")?;
        }
    }
    let written = write(destination, &files);
    if written.is_err() && !was_there {
        // The error that follows says why; half a crate would only confuse.
        let _ = fs::remove_dir_all(destination);
    }
    written
}

fn told(chapter: &Chapter, order: &Order, unwritten: &[String]) -> String {
    let folder = quoted(&order.destination.to_string_lossy());
    let what = match order.origin {
        Origin::Chapter => format!("chapters/{} as it stands", chapter.name),
        Origin::Solution => format!("the reference solution of {}", chapter.id),
    };
    let mut text = format!(
        "\n{} is {what}, renamed and without markers. It builds.\n",
        order.destination.display()
    );
    if !unwritten.is_empty() {
        text.push_str(&format!(
            "Not written yet, so still the starter in the copy: {}\n",
            unwritten.join(", ")
        ));
    }
    text.push_str(&format!(
        "\nnext      cd {folder} && cargo run -- --version\n          README.md says how to connect a client\n          cargo xtask check {} --path {folder}\n",
        chapter.id
    ));
    text
}
