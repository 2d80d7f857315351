//! Whether cargo can load the workspace, and which chapter stands in its way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::limited::run;
use super::{Finding, whole_file};
use crate::comparison::{Line, compare};
use crate::fetch;
use crate::manifest::{Chapter, Manifest};
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::sources::Sources;

/// Cargo waits for other cargos; this long is enough to tell that it will not answer.
const LIMIT: Duration = Duration::from_secs(60);

/// Looks at every chapter, then lets cargo load them all.
pub(super) fn chapters(workbook: &Workbook) -> Vec<Finding> {
    let manifest = match Manifest::load(&workbook.root) {
        Ok(manifest) => manifest,
        Err(error) => {
            return vec![
                Finding::trouble(format!("{error:#}"))
                    .next("`git diff book/workbook.toml` shows what changed in it"),
            ];
        }
    };
    let mut findings = Vec::new();
    let mut sound = Vec::new();
    for chapter in &manifest.chapters {
        match defect(workbook, chapter) {
            Some(finding) => findings.push(finding),
            None => sound.push(chapter),
        }
    }
    // What cargo says is worth hearing only when it can get past the chapters that are known to be broken.
    if findings.is_empty() {
        findings.push(ask_cargo(workbook, &sound));
    }
    findings.extend(strays(workbook, &manifest));
    findings
}

/// What is wrong with a chapter that can be seen without cargo.
fn defect(workbook: &Workbook, chapter: &Chapter) -> Option<Finding> {
    let folder = chapter.folder(&workbook.root);
    if !folder.is_dir() {
        let gone = Finding::trouble(format!(
            "chapters/{} is not there, so cargo cannot load the workspace",
            chapter.name
        ));
        return Some(match starter(workbook, chapter) {
            Ok(files) => gone.repair(
                format!("put chapters/{} back as it came", chapter.name),
                files
                    .into_iter()
                    .map(|(path, new)| whole_file(path, new))
                    .collect(),
            ),
            Err(error) => gone.next(format!("{error:#}")),
        });
    }
    let shown = manifest_of(chapter);
    let text = match fs::read_to_string(workbook.root.join(&shown)) {
        Ok(text) => text,
        Err(error) => {
            return Some(broken(
                workbook,
                chapter,
                format!("{} cannot be read: {error}", shown.display()),
                Vec::new(),
            ));
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            return Some(broken(
                workbook,
                chapter,
                format!("{} is not TOML", shown.display()),
                error.to_string().lines().map(str::to_owned).collect(),
            ));
        }
    };
    let name = table
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(|name| name.as_str());
    (name != Some(&chapter.name)).then(|| {
        broken(
            workbook,
            chapter,
            format!(
                "{} does not name the package {}",
                shown.display(),
                chapter.name
            ),
            Vec::new(),
        )
    })
}

/// Lets cargo load the workspace, first alone, then with all dependencies.
fn ask_cargo(workbook: &Workbook, chapters: &[&Chapter]) -> Finding {
    for dependencies in [false, true] {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["metadata", "--offline", "--format-version", "1"])
            .current_dir(&workbook.root);
        match dependencies {
            // Only this system's: what others need is never downloaded.
            true => match fetch::host() {
                Ok(host) => command.args(["--filter-platform", &host]),
                Err(error) => return Finding::trouble(format!("{error:#}")),
            },
            false => command.arg("--no-deps"),
        };
        let said = match run(command, LIMIT) {
            Ok(said) if said.success => continue,
            Ok(said) => said.stderr,
            Err(error) => {
                return Finding::trouble(format!("{error:#}"))
                    .next("if another cargo is at work in this folder, end it; then try again");
            }
        };
        let message = said.lines().map(str::to_owned).collect::<Vec<_>>();
        let guilty = chapters
            .iter()
            .find(|chapter| said.contains(&chapter.name) && differs(workbook, chapter));
        if let Some(chapter) = guilty {
            let says = format!("cargo refuses {}", manifest_of(chapter).display());
            return broken(workbook, chapter, says, message);
        }
        if dependencies {
            return Finding::note(
                "cargo does not have every crate of the workspace yet",
                "`cargo xtask check ch01` downloads them once; that needs the network",
            )
            .details(message);
        }
        return Finding::trouble("cargo cannot load the workspace, and no chapter is the cause")
            .details(message)
            .next("`git status` shows which file changed; `git diff FILE` shows how");
    }
    Finding::fine("cargo loads the workspace with all its chapters")
}

/// A manifest that has to be written again.
fn broken(workbook: &Workbook, chapter: &Chapter, says: String, message: Vec<String>) -> Finding {
    let finding = Finding::trouble(says).details(message);
    let shown = manifest_of(chapter);
    let fresh = match fresh_manifest(workbook, chapter) {
        Ok(fresh) => fresh,
        Err(error) => return finding.next(format!("{error:#}")),
    };
    let present = fs::read(workbook.root.join(&shown)).unwrap_or_default();
    let (old, new) = (
        String::from_utf8_lossy(&present),
        String::from_utf8_lossy(&fresh),
    );
    let mut difference: Vec<String> = compare(old.lines(), new.lines())
        .iter()
        .map(Line::plain)
        .collect();
    if !difference.is_empty() {
        difference.insert(0, format!("- {} now    + as it came", shown.display()));
    }
    finding.details(difference).repair(
        format!("put {} back as it came", shown.display()),
        vec![whole_file(shown, fresh)],
    )
}

/// Folders in `chapters/` that are no chapter.
fn strays(workbook: &Workbook, manifest: &Manifest) -> Vec<Finding> {
    let Ok(entries) = fs::read_dir(workbook.root.join("chapters")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .filter(|name| {
            manifest
                .chapters
                .iter()
                .all(|chapter| chapter.name != *name)
        })
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| {
            Finding::note(
                format!("chapters/{name} is not part of the workbook; cargo and the checks pass it over"),
                "a copy that builds on its own: cargo xtask new ../my-server --from ch01 (or the chapter you want)",
            )
        })
        .collect()
}

fn manifest_of(chapter: &Chapter) -> PathBuf {
    Path::new("chapters").join(&chapter.name).join("Cargo.toml")
}

/// Every file of a chapter as it came, relative to the checkout.
fn starter(workbook: &Workbook, chapter: &Chapter) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = Path::new("chapters").join(&chapter.name);
    let sources = Sources::read(&workbook.root, chapter)?;
    Ok(sources
        .chapter_files(|_| Fill::Starter)
        .into_iter()
        .map(|(path, bytes)| (folder.join(path), bytes))
        .collect())
}

fn fresh_manifest(workbook: &Workbook, chapter: &Chapter) -> anyhow::Result<Vec<u8>> {
    let wanted = manifest_of(chapter);
    starter(workbook, chapter)?
        .into_iter()
        .find(|(path, _)| *path == wanted)
        .map(|(_, bytes)| bytes)
        .ok_or_else(|| anyhow::anyhow!("solutions/{} has no Cargo.toml", chapter.name))
}

fn differs(workbook: &Workbook, chapter: &Chapter) -> bool {
    let present = fs::read(workbook.root.join(manifest_of(chapter))).ok();
    fresh_manifest(workbook, chapter).ok() != present
}
