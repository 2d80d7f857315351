//! The README of a crate of one's own: how to build, run and connect it, and what is inside.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Origin;
use crate::client_config::{Reach, configurations, quoted};
use crate::issuer;
use crate::manifest::Chapter;
use crate::tracker::{PORT, TOKEN};

/// What the README tells.
pub(super) struct About<'a> {
    /// The crate's new name.
    pub(super) name: &'a str,
    /// The chapter it was copied from.
    pub(super) chapter: &'a Chapter,
    /// Learner's chapter or reference solution.
    pub(super) origin: Origin,
    /// Exercises that still have their starter.
    pub(super) unwritten: &'a [String],
    /// Where the crate will be, absolute.
    pub(super) destination: &'a Path,
    /// All files that are copied.
    pub(super) files: &'a [(PathBuf, Vec<u8>)],
}

/// One request that is complete in itself: it needs no handshake and shows that the server answers.
const FIRST_REQUEST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"by-hand","version":"1"}}}}"#;

/// The README's text.
///
/// # Errors
/// The destination is not Unicode, so no client could be told about it.
pub(super) fn text(about: &About<'_>) -> Result<String> {
    let About { name, chapter, .. } = about;
    let mut text = format!("# {name}\n\n");
    let origin = match about.origin {
        Origin::Chapter => format!("A copy of `chapters/{}`", chapter.name),
        Origin::Solution => format!("A copy of the reference solution of `{}`", chapter.name),
    };
    paragraph(
        &mut text,
        &format!("An MCP server. {origin} (\"{}\").", chapter.title),
    );
    if !about.unwritten.is_empty() {
        paragraph(
            &mut text,
            &format!(
                "Not written when it was copied: exercises {}. Those places answer that they are not written yet, or do less than they should.",
                about.unwritten.join(", ")
            ),
        );
    }
    heading(&mut text, "Build and run");
    code(
        &mut text,
        "sh",
        &format!(
            "cargo build --release\n./target/release/{name} --version\nprintf '%s\\n' '{FIRST_REQUEST}' | {}./target/release/{name}",
            secret(chapter)
        ),
    );
    paragraph(
        &mut text,
        "The last line is one request by hand; the reply lists the tools. The server speaks MCP on standard input \
         and output, writes its log to standard error (`RUST_LOG=debug` for more) and ends when its input ends. \
         You rarely start it yourself: a client does.",
    );
    if chapter.tracker {
        heading(&mut text, "Give it a tracker");
        tracker(&mut text, chapter);
    }
    if chapter.issuer {
        heading(&mut text, "Serve over HTTP");
        over_http(&mut text, about);
    }
    heading(&mut text, "Connect a client");
    connect(&mut text, about)?;
    heading(&mut text, "What is inside");
    inside(&mut text, about);
    heading(&mut text, "Check it");
    paragraph(
        &mut text,
        "The checks of the workbook work here too. In the workbook's folder:",
    );
    code(
        &mut text,
        "sh",
        &format!(
            "cargo xtask check {} --path {}",
            chapter.id,
            quoted(&about.destination.to_string_lossy())
        ),
    );
    Ok(text.trim_end().to_owned() + "\n")
}

fn connect(text: &mut String, about: &About<'_>) -> Result<()> {
    let program = format!("{}{}", about.name, std::env::consts::EXE_SUFFIX);
    let mut reach = Reach::program(&about.destination.join("target/release").join(program))?;
    if about.chapter.token {
        reach = reach.with_env("TRACKER_TOKEN", TOKEN);
    }
    paragraph(
        text,
        "Build it in release first; the paths are absolute, so change them when you move the folder.",
    );
    for configuration in configurations(about.name, &reach) {
        let _ = writeln!(text, "### {}\n", configuration.client);
        let files: Vec<&str> = configuration.files;
        paragraph(text, &format!("In {}:", files.join(", or ")));
        code(text, "json", &configuration.text);
        if let Some(command) = &configuration.command {
            paragraph(text, "Or let a command write it:");
            code(text, "sh", command);
        }
        for then in &configuration.then {
            paragraph(text, then);
        }
    }
    Ok(())
}

/// What stands before a command of a server that does not start without its secret.
fn secret(chapter: &Chapter) -> String {
    match chapter.token {
        true => format!("TRACKER_TOKEN={TOKEN} "),
        false => String::new(),
    }
}

/// What a server that is the tracker's client needs beside itself.
fn tracker(text: &mut String, chapter: &Chapter) {
    paragraph(
        text,
        "The server gives access to a project tracker. The workbook brings a small one along; in the workbook's folder:",
    );
    code(text, "sh", "cargo xtask tracker");
    let without = match chapter.token {
        true => format!(
            "without the second it does not start, without the first it looks at `http://127.0.0.1:{PORT}`"
        ),
        false => format!("without them it looks for the tracker at `http://127.0.0.1:{PORT}`"),
    };
    paragraph(
        text,
        &format!(
            "It runs until Ctrl-C, forgets then what was changed, and prints its `TRACKER_URL` and `TRACKER_TOKEN`. The server \
             reads both from its environment, so they belong into the client's `env`; {without}. While there is none, the server starts and lists its tools, and every call that \
             needs the tracker is a tool error that says so."
        ),
    );
}

/// How others reach a server that takes the tokens of an issuer.
fn over_http(text: &mut String, about: &About<'_>) {
    let (name, id) = (about.name, &about.chapter.id);
    paragraph(
        text,
        "Others reach the server at an address, and show a token of an authorization server. The workbook brings one along, \
         for learning only; in the workbook's folder:",
    );
    code(text, "sh", "cargo xtask issuer");
    paragraph(text, "Here:");
    let issuer = format!("http://127.0.0.1:{}", issuer::PORT);
    let start = format!(
        "{}ISSUER_URL={issuer} ./target/release/{name} http",
        secret(about.chapter)
    );
    code(text, "sh", &start);
    paragraph(
        text,
        &format!(
            "It listens at `http://127.0.0.1:8080/mcp`, or where `MCP_LISTEN` says. In the workbook's folder `cargo xtask talk \
             {id} --url http://127.0.0.1:8080/mcp` signs in and calls it. Behind a name of your own set `RESOURCE_URL`, \
             `ALLOWED_HOSTS` and `STATE_KEY`, and `ISSUER_URL` to your authorization server; what each of them is stands in \
             `src/settings.rs`."
        ),
    );
}

/// Each source file with the first sentence that it says about itself.
fn inside(text: &mut String, about: &About<'_>) {
    for (path, bytes) in about.files {
        let is_rust = path.extension().is_some_and(|end| end == "rs");
        let says = std::str::from_utf8(bytes)
            .ok()
            .and_then(|source| source.lines().find_map(|line| line.strip_prefix("//! ")));
        if is_rust {
            let shown = path.display().to_string().replace('\\', "/");
            let _ = match says {
                Some(says) => writeln!(text, "- `{shown}`: {}", says.trim_end_matches('.')),
                None => writeln!(text, "- `{shown}`"),
            };
        }
    }
    text.push('\n');
}

fn heading(text: &mut String, words: &str) {
    let _ = writeln!(text, "## {words}\n");
}

fn paragraph(text: &mut String, words: &str) {
    let _ = writeln!(text, "{words}\n");
}

fn code(text: &mut String, language: &str, words: &str) {
    let _ = writeln!(text, "```{language}\n{words}\n```\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;

    #[test]
    fn only_a_client_of_the_tracker_is_told_how_to_get_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = Manifest::load(&root).expect("the manifest is right");
        assert!(manifest.chapters.iter().any(|chapter| chapter.tracker));
        for chapter in &manifest.chapters {
            let about = About {
                name: "my-server",
                chapter,
                origin: Origin::Chapter,
                unwritten: &[],
                destination: Path::new("/home/me/my-server"),
                files: &[],
            };
            let readme = text(&about).expect("the path is Unicode");
            for words in ["cargo xtask tracker", "TRACKER_URL"] {
                assert_eq!(readme.contains(words), chapter.tracker, "{}", chapter.id);
            }
            let secret = format!("| TRACKER_TOKEN={TOKEN} ./target/release/my-server");
            for (words, wanted) in [
                ("cargo xtask issuer", chapter.issuer),
                ("my-server http", chapter.issuer),
                (secret.as_str(), chapter.token),
                ("\"TRACKER_TOKEN\": ", chapter.token),
            ] {
                assert_eq!(readme.contains(words), wanted, "{words}: {}", chapter.id);
            }
        }
    }
}
