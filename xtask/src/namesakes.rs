//! Crates of one name in several folders, built into one target folder.
//!
//! Cargo tells packages apart by their place in their workspace. Two crates that are workspaces of their own
//! have the same place, so with the same name cargo takes one for the other, and a build of the older files
//! would hand out the program of the newer ones.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Before the crate of `manifest` is built into `target`: if the crate of this name that was built there last
/// lies in another folder, what cargo knows of it is forgotten.
///
/// # Errors
/// The target folder cannot be written.
pub fn forget_others(manifest: &Path, target: &Path) -> Result<()> {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    // A manifest that cannot be read is for cargo to complain of.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let Some(name) = table
        .get("package")
        .and_then(|package| package.get("name")?.as_str())
    else {
        return Ok(());
    };
    let folder = manifest.parent().unwrap_or(manifest);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let stamp = target.join("built-from").join(name);
    let here = folder.as_os_str().as_encoded_bytes();
    if fs::read(&stamp).is_ok_and(|last| last == here) {
        return Ok(());
    }
    forget(&[name], target)?;
    let stamps = target.join("built-from");
    fs::create_dir_all(&stamps)
        .and_then(|()| fs::write(&stamp, here))
        .with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Makes cargo build `packages` anew in `target`, whatever the dates of their files are.
///
/// # Errors
/// The target folder cannot be written.
pub fn forget(packages: &[&str], target: &Path) -> Result<()> {
    for profile in ["debug", "release"] {
        let known = target.join(profile).join(".fingerprint");
        for entry in fs::read_dir(known).into_iter().flatten().flatten() {
            let file = entry.file_name();
            let is_theirs = file
                .to_str()
                .and_then(|file| file.rsplit_once('-'))
                .is_some_and(|(package, _)| packages.contains(&package));
            if is_theirs {
                let path = entry.path();
                fs::remove_dir_all(&path)
                    .with_context(|| format!("{} cannot be removed", path.display()))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_another_folder_left_is_forgotten() {
        let place = tempfile::tempdir().expect("a folder");
        let target = place.path().join("target");
        let known = |name: &str| target.join("debug/.fingerprint").join(name);
        let krate = |folder: &str| {
            let manifest = place.path().join(folder).join("Cargo.toml");
            fs::create_dir_all(manifest.parent().expect("a folder")).expect("is made");
            fs::write(&manifest, "[package]\nname = \"same\"\n").expect("is written");
            manifest
        };
        let (one, two) = (krate("one"), krate("two"));
        forget_others(&one, &target).expect("nothing is there");
        for name in ["same-0123456789abcdef", "same-more-0123456789abcdef"] {
            fs::create_dir_all(known(name)).expect("is made");
        }
        forget_others(&one, &target).expect("the same folder");
        assert!(known("same-0123456789abcdef").exists());
        forget_others(&two, &target).expect("another folder");
        assert!(!known("same-0123456789abcdef").exists());
        assert!(known("same-more-0123456789abcdef").exists());
    }
}
