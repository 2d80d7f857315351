//! Which server is judged, and how its crate is built.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cargo::Plan;
use crate::exit::Stop;
use crate::manifest::{Chapter, Manifest};
use crate::paths::Workbook;

/// The server to judge.
#[derive(Debug, Clone)]
pub enum Server {
    /// The learner's chapter.
    Learner,
    /// The crate in a folder, in place of the chapter's.
    Crate(PathBuf),
    /// Any command; it starts in the current folder.
    Command(Vec<OsString>),
}

/// A crate and how it is built.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its folder.
    pub folder: PathBuf,
    /// The name of its program, if known.
    pub binary: Option<String>,
    /// How cargo is called.
    pub plan: Plan,
}

impl Crate {
    /// The learner's crate of a chapter.
    pub fn of_chapter(workbook: &Workbook, chapter: &Chapter) -> Self {
        Self {
            folder: chapter.folder(&workbook.root),
            binary: Some(chapter.name.clone()),
            plan: Plan::member(workbook, &chapter.name),
        }
    }

    /// The crate in `folder`, whether it belongs to the workbook's workspace or not.
    ///
    /// # Errors
    /// There is no crate; or it is a copy inside `chapters/`, which cargo would refuse.
    pub fn in_folder(workbook: &Workbook, folder: &Path) -> Result<Self> {
        let manifest = folder.join("Cargo.toml");
        let Ok(folder) = folder.canonicalize() else {
            return Err(Stop::usage(format!(
                "there is no folder {}",
                folder.display()
            )));
        };
        if !manifest.is_file() {
            return Err(Stop::usage(format!(
                "{} has no Cargo.toml: --path takes the folder of a crate",
                folder.display()
            )));
        }
        let root = workbook.root.canonicalize()?;
        let inside = folder.strip_prefix(&root).ok();
        let member = inside.is_some_and(|inside| members(&root).iter().any(|own| own == inside));
        if let Some(inside) = inside
            && !member
            && inside.starts_with("chapters")
        {
            return Err(Stop::usage(copy_inside(inside)));
        }
        let plan = match (member, package_name(&folder)) {
            (true, Some(package)) => Plan::member(workbook, &package),
            _ => Plan::folder(workbook, &folder.join("Cargo.toml")),
        };
        // The same folder under the name that messages use.
        let folder = inside.map_or(folder.clone(), |inside| workbook.root.join(inside));
        Ok(Self {
            folder,
            binary: None,
            plan,
        })
    }
}

/// The chapter that a crate was made from, by its package's name.
pub fn chapter_of<'a>(manifest: &'a Manifest, folder: &Path) -> Option<&'a Chapter> {
    let name = package_name(folder)?;
    manifest
        .chapters
        .iter()
        .find(|chapter| name == chapter.name || name == chapter.solution_package())
}

/// Folders in `chapters/` that are no chapters: copies, backups, crates of one's own.
pub fn strays(workbook: &Workbook, manifest: &Manifest) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(workbook.root.join("chapters"))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .filter(|entry| {
            let name = entry.file_name();
            manifest
                .chapters
                .iter()
                .all(|chapter| *chapter.name != *name)
        })
        .map(|entry| Path::new("chapters").join(entry.file_name()))
        .collect();
    found.sort();
    found
}

/// What to say about a copy inside `chapters/`; `folder` is relative to the checkout.
pub fn copy_inside(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "{folder} is not a chapter, so cargo does not build it. A copy of your own belongs outside the \
         workbook: `cargo xtask new ../my-server --from ch01` makes one that builds."
    )
}

/// The members that the workspace lists, relative to `root`.
fn members(root: &Path) -> Vec<PathBuf> {
    let list = || -> Option<Vec<PathBuf>> {
        let manifest = table(&root.join("Cargo.toml"))?;
        let members = manifest.get("workspace")?.get("members")?.as_array()?;
        Some(
            members
                .iter()
                .filter_map(|member| member.as_str().map(PathBuf::from))
                .collect(),
        )
    };
    // A manifest that cannot be read is for cargo to tell about.
    list().unwrap_or_default()
}

/// The name in a crate's manifest, if it can be read.
fn package_name(folder: &Path) -> Option<String> {
    let manifest = table(&folder.join("Cargo.toml"))?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    Some(name.to_owned())
}

fn table(path: &Path) -> Option<BTreeMap<String, toml::Value>> {
    toml::from_str(&fs::read_to_string(path).ok()?).ok()
}
