//! A server that is somebody else's: any command, in any language.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use anyhow::{Result, anyhow};

use crate::checker::Subject;
use crate::exit::Stop;
use crate::subject::Server;

/// The command as the checker starts it: in the folder that it was typed in.
///
/// # Errors
/// The server is no command.
pub(super) fn subject(server: &Server) -> Result<Subject> {
    let Server::Command(words) = server else {
        return Err(anyhow!("this server is a crate"));
    };
    let mut words = words.iter().cloned();
    Ok(Subject {
        command: words.next().unwrap_or_default(),
        args: words.collect(),
        cwd: env::current_dir().ok(),
        ..Subject::default()
    })
}

/// Looks for the program before anything is built: every check would fail for the same reason.
///
/// # Errors
/// There is none of this name, or it may not be executed.
pub(super) fn must_be_there(words: &[OsString]) -> Result<()> {
    let Some(word) = words.first() else {
        return Ok(());
    };
    let name = Path::new(word);
    let shown = name.display();
    // Windows adds endings to names and looks in more places; there the checks tell.
    if cfg!(windows) {
        return Ok(());
    }
    if name.components().count() > 1 || name.is_absolute() {
        return match executable(name) {
            Some(true) => Ok(()),
            Some(false) => Err(Stop::usage(format!(
                "{shown} may not be executed; `chmod +x {shown}` allows it, or put what runs it in front"
            ))),
            None => Err(Stop::usage(format!(
                "there is no file {shown} (from {}), so no server could be started",
                env::current_dir().unwrap_or_default().display()
            ))),
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| executable(&folder.join(name)) == Some(true));
    if found {
        return Ok(());
    }
    let here = match executable(name) {
        Some(_) => format!("; the file in this folder is called ./{shown}"),
        None => "; is it spelt right, and installed?".to_owned(),
    };
    Err(Stop::usage(format!(
        "there is no command `{shown}`, so no server could be started{here}"
    )))
}

/// Whether a file may be executed; none if it is not there.
fn executable(path: &Path) -> Option<bool> {
    let data = path.metadata().ok().filter(|data| data.is_file())?;
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o111 != 0);
    #[cfg(not(unix))]
    return Some(data.is_file());
}
