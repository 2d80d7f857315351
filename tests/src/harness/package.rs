//! What Cargo says of the crate that is judged.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::finding::{Stop, Verdict};

/// The package of the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name, which is also that of its program.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Context {
    /// The package of the crate, as its manifest has it.
    ///
    /// # Errors
    /// The subject is no crate of this workbook, or its manifest cannot be understood.
    pub fn package(&self) -> Verdict<Package> {
        let folder = self.subject().crate_folder.as_deref();
        let folder = folder.ok_or_else(|| Stop::Fault("this check needs the crate".into()))?;
        read(folder).ok_or_else(|| {
            Stop::Fault(format!(
                "{} does not name its package and its version",
                folder.join("Cargo.toml").display()
            ))
        })
    }
}

fn read(folder: &Path) -> Option<Package> {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let table: toml::Table = toml::from_str(&text).ok()?;
    let field = |name: &str| table.get("package")?.get(name)?.as_str().map(str::to_owned);
    Some(Package {
        folder: folder.to_owned(),
        name: field("name")?,
        version: field("version")?,
    })
}

impl Package {
    /// The name of its library, as Rust writes it.
    pub fn library(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The folder of the workspace that it belongs to: the compiler names source files as seen from there.
    pub fn workspace(&self) -> PathBuf {
        let is_workspace = |folder: &&Path| {
            let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
            let table: toml::Table = toml::from_str(&text).unwrap_or_default();
            table.contains_key("workspace")
        };
        let found = self.folder.ancestors().find(is_workspace);
        found.unwrap_or(&self.folder).to_owned()
    }
}
