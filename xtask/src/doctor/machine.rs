//! The toolchain, the folders and the ports of this machine.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::limited::run;
use super::{Finding, Repair};
use crate::paths::Workbook;
use crate::progress::Progress;
use crate::undo::Replacement;

/// Programs of the toolchain answer at once; a slow disk gets time.
const LIMIT: Duration = Duration::from_secs(20);

/// The oldest compiler that the workspace builds with.
const NEEDED: &str = env!("CARGO_PKG_RUST_VERSION");

/// Below this much free space a first build is likely to fail.
const LITTLE_SPACE: u64 = 2 << 30;

const PORTS: [(u16, &str, &str); 4] = [
    (
        4000,
        "the book",
        "nothing; `cargo xtask serve` takes the next free port and says which",
    ),
    (
        8089,
        "the tracker, from chapter 3 on",
        "nothing; a tracker that runs there is used, and beside anything else it takes the next free port and says which",
    ),
    (
        8189,
        "the issuer, for chapter 6",
        "nothing; an issuer that runs there is used, and beside anything else it takes the next free port and says which",
    ),
    (
        8080,
        "servers over HTTP, from chapter 6 on",
        "nothing; MCP_LISTEN=127.0.0.1:0 lets such a server choose a free port",
    ),
];

/// Whether rustc and cargo are there and new enough.
pub(super) fn toolchain() -> Vec<Finding> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    vec![
        version_of("rustc".as_ref(), "rustup update stable"),
        version_of(&cargo, "rustup update stable"),
    ]
}

fn version_of(program: &OsStr, update: &str) -> Finding {
    let name = Path::new(program)
        .file_stem()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned();
    let said = match run(asking(program, &["--version"]), LIMIT) {
        Ok(said) if said.success => said.stdout,
        Ok(said) => {
            return Finding::trouble(format!("{name} does not work"))
                .details(said.stderr.lines().map(str::to_owned))
                .next("install Rust from https://rustup.rs and open a new terminal");
        }
        Err(error) => {
            return Finding::trouble(format!("{name} does not work: {error}"))
                .next("install Rust from https://rustup.rs and open a new terminal");
        }
    };
    let words = said.trim();
    match (version(words), version(NEEDED)) {
        (Some(have), Some(needed)) if have < needed => {
            Finding::trouble(format!("{words} is too old; the workbook needs {NEEDED}"))
                .next(update.to_owned())
        }
        (Some(_), Some(_)) => Finding::fine(format!("{words} (needed: {NEEDED} or newer)")),
        _ => Finding::note(
            format!("{name} says `{words}`, which names no version"),
            format!("make sure that it is {NEEDED} or newer"),
        ),
    }
}

fn asking(program: &OsStr, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words);
    command
}

/// The first thing in a text that looks like a version.
fn version(text: &str) -> Option<(u32, u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut numbers = word.split(['.', '-']).map(str::parse);
        let major = numbers.next()?.ok()?;
        let minor = numbers.next()?.ok()?;
        Some((
            major,
            minor,
            numbers.next().and_then(Result::ok).unwrap_or(0),
        ))
    })
}

/// Whether the folders can be written, there is space, and progress can be read.
pub(super) fn folders(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = Vec::new();
    let target = workbook.target.display();
    match try_writing(&workbook.build_target()) {
        Ok(()) => findings.push(Finding::fine(format!("{target} can be written"))),
        Err(error) => findings.push(
            Finding::trouble(format!("{target} cannot be written: {error}"))
                .next("make it writable, or set CARGO_TARGET_DIR to a folder that is"),
        ),
    }
    findings.push(space(&workbook.target));
    let chapters = workbook.root.join("chapters");
    if let Err(error) = try_writing(&chapters) {
        findings.push(Finding::note(
            format!("chapters/ cannot be written: {error}"),
            "checks work; progress, reset and repairs need a folder that can be written",
        ));
    }
    findings.push(progress(workbook));
    findings
}

fn try_writing(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&probe, "written")?;
    fs::remove_file(&probe)
}

#[cfg(unix)]
fn space(folder: &Path) -> Finding {
    let existing = folder.ancestors().find(|part| part.is_dir());
    let mut df = asking("df".as_ref(), &["-Pk"]);
    df.arg(existing.unwrap_or(Path::new("/")));
    let said = run(df, LIMIT);
    let free = said.ok().and_then(|said| free_bytes(&said.stdout));
    let gigabytes = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    match free {
        Some(bytes) if bytes < LITTLE_SPACE => Finding::trouble(format!(
            "only {:.1} GB free for {}",
            gigabytes(bytes),
            folder.display()
        ))
        .next(format!(
            "make room (`cargo clean` in the workbook empties the folder), or set CARGO_TARGET_DIR to a disk with {} GB free",
            gigabytes(LITTLE_SPACE)
        )),
        Some(bytes) => Finding::fine(format!("{:.0} GB free for it", gigabytes(bytes))),
        None => Finding::note(
            "disk space was not checked: `df` did not say",
            format!("make sure that {} GB are free", gigabytes(LITTLE_SPACE)),
        ),
    }
}

/// The standard library does not tell free space, and there is no `df` here.
#[cfg(not(unix))]
fn space(_folder: &Path) -> Finding {
    Finding::note(
        "disk space was not checked on this system",
        format!("make sure that {} GB are free", LITTLE_SPACE >> 30),
    )
}

/// The fourth column of `df -Pk`: counted from the one with the per cent sign, since names may hold spaces.
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has df"))]
fn free_bytes(df: &str) -> Option<u64> {
    let words: Vec<&str> = df.lines().last()?.split_whitespace().collect();
    let used = words.iter().position(|word| word.ends_with('%'))?;
    let kibibytes: u64 = words.get(used.checked_sub(1)?)?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn progress(workbook: &Workbook) -> Finding {
    let path = workbook.progress();
    let shown = workbook.shown(&path);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Finding::fine("nothing checked yet, so there is no progress to read");
        }
        Err(error) => {
            return Finding::trouble(format!("{shown} cannot be read: {error}"))
                .next(format!("make {shown} readable"));
        }
    };
    match serde_json::from_str::<Progress>(&text) {
        Ok(_) => Finding::fine(format!("{shown} can be read")),
        Err(error) => {
            let mut finding = Finding::trouble(format!("{shown} is damaged: {error}"));
            finding.repair = Some(Repair {
                what: format!(
                    "put {shown} aside; the states come back with `cargo xtask check all`"
                ),
                files: vec![Replacement {
                    path: path
                        .strip_prefix(&workbook.root)
                        .unwrap_or(&path)
                        .to_owned(),
                    new: None,
                    regions: Vec::new(),
                }],
            });
            finding
        }
    }
}

/// Whether the ports that the workbook uses are free.
pub(super) fn ports() -> Vec<Finding> {
    PORTS
        .iter()
        .map(
            |(port, what, next)| match TcpListener::bind(("127.0.0.1", *port)) {
                Ok(_) => Finding::fine(format!("port {port} is free ({what})")),
                Err(error) => {
                    Finding::note(format!("port {port} is taken ({what}): {error}"), *next)
                }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        assert_eq!(
            version("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some((1, 95, 0))
        );
        assert_eq!(version("cargo 1.90.0-nightly (x)"), Some((1, 90, 0)));
        assert_eq!(version("1.88"), Some((1, 88, 0)));
        assert_eq!(version("no idea"), None);
    }

    #[test]
    fn free_space_is_read_from_df() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                  //server/my share 1000 400 600 40% /mnt/my share\n";
        assert_eq!(free_bytes(df), Some(600 * 1024));
        assert_eq!(free_bytes(""), None);
    }
}
