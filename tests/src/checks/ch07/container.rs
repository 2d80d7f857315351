//! What the image of a server, and the program in it, are like.

use toml::Value;

use super::files::{Demand, Packaging};
use crate::harness::{Wrong, short};

const FILE: &str = "Containerfile";
/// Images that people begin with, and that have a shell. One that is not here is taken for what it should be.
const WITH_SHELL: [&str; 11] = [
    "almalinux",
    "alpine",
    "amazonlinux",
    "archlinux",
    "busybox",
    "buildpack-deps",
    "centos",
    "debian",
    "fedora",
    "rockylinux",
    "ubuntu",
];

/// One instruction: its name in capitals, and what follows.
type Instruction = (String, String);

/// Judges the instructions for the image.
pub(super) fn judge(packaging: &Packaging) -> Result<(), Wrong> {
    let instructions = instructions(&packaging.text(FILE)?);
    let demand = Demand {
        file: "packaging/Containerfile",
    };
    let stages: Vec<&[Instruction]> = instructions
        .chunk_by(|_, (next, _)| next != "FROM")
        .filter(|stage| stage[0].0 == "FROM")
        .collect();
    let from = |stage: &[Instruction]| stage[0].1.clone();
    let bases = || short::list(stages.iter().map(|stage| from(stage)));
    demand.that(
        stages.len() >= 2,
        "The image is built in one stage, so the compiler and all sources are in it.",
        "FROM",
        "a stage that compiles, and another that gets the program alone",
        bases(),
    )?;
    let Some(last) = stages.last() else {
        return Ok(());
    };
    let base = from(last);
    demand.that(
        !base.starts_with("rust:") && !base.contains("/rust:"),
        "The last stage brings the compiler along.",
        "the last FROM",
        "an image with what a program needs to run, and no more",
        &base,
    )?;
    demand.that(
        !has_shell(&base),
        "The last stage has a shell.",
        "the last FROM",
        "an image without one, such as gcr.io/distroless/cc-debian12: the program needs none, and whoever breaks in would use it",
        &base,
    )?;
    no_secret(&instructions, &demand)?;
    let copied = copied(last);
    demand.that(
        copied
            .iter()
            .any(|(source, _)| source.rsplit('/').next() == Some(&packaging.package.name)),
        "The program is not copied into the last stage.",
        "COPY",
        format!(
            "COPY --from=… of the program {}, as cargo calls it",
            packaging.package.name
        ),
        lines(last, "COPY"),
    )?;
    let user = of(last, "USER").unwrap_or_default();
    let name = user.split(':').next().unwrap_or_default();
    demand.that(
        !matches!(name, "" | "root" | "0"),
        "The program runs as root.",
        "USER",
        "USER and an ordinary user, best as a number",
        if user.is_empty() { "no USER" } else { user },
    )?;
    let start = of(last, "ENTRYPOINT")
        .or(of(last, "CMD"))
        .unwrap_or_default();
    let words: Option<Vec<String>> = serde_json::from_str(start).ok();
    demand.that(
        words.as_ref().is_some_and(|words| !words.is_empty()),
        "The program is started by a shell, which does not pass SIGTERM on.",
        "ENTRYPOINT",
        "a list in brackets and double quotes, such as [\"/usr/local/bin/tracker-mcp\"]",
        if start.is_empty() {
            "no ENTRYPOINT"
        } else {
            start
        },
    )?;
    let program = words.unwrap_or_default().remove(0);
    demand.that(
        copied.iter().any(|(_, there)| *there == program),
        "What is started is not what was copied.",
        "ENTRYPOINT",
        format!(
            "the path at which COPY puts the program: {}",
            short::list(copied.iter().map(|(_, there)| there))
        ),
        program,
    )
}

/// Whether an image is known to have a shell, by its name: `docker.io/library/debian:12-slim AS run` is `debian`. The
/// images of distroless have one if their tag says `debug`.
fn has_shell(base: &str) -> bool {
    let image = base.split_whitespace().next().unwrap_or_default();
    let image = image.split('@').next().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    WITH_SHELL.contains(&name) || tag.split('-').any(|word| word == "debug")
}

/// Values that are in the image can be read by whoever has the image.
fn no_secret(instructions: &[Instruction], demand: &Demand<'_>) -> Result<(), Wrong> {
    let secret = instructions.iter().find(|(name, rest)| {
        let upper = rest.to_ascii_uppercase();
        let speaks_of_one = ["TOKEN", "SECRET", "PASSWORD"]
            .iter()
            .any(|word| upper.contains(word));
        (name == "ENV" || name == "ARG") && speaks_of_one
    });
    demand.that(
        secret.is_none(),
        "A secret stands in the image.",
        "ENV or ARG",
        "secrets are given to the container when it is started",
        secret.map_or(String::new(), |(name, rest)| format!("{name} {rest}")),
    )
}

/// What comes from other stages: where it is there, and where it goes.
fn copied(stage: &[Instruction]) -> Vec<(String, String)> {
    let copies = stage
        .iter()
        .filter(|(name, rest)| name == "COPY" && rest.contains("--from="));
    let paths = copies.filter_map(|(_, rest)| {
        let mut words = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"));
        let (source, there) = (words.next()?, words.next_back()?);
        let file = source.rsplit('/').next().unwrap_or(source);
        let there = match there.ends_with('/') {
            true => format!("{there}{file}"),
            false => there.to_owned(),
        };
        Some((source.to_owned(), there))
    });
    paths.collect()
}

/// The last instruction of this name in a stage: it is the one that counts.
fn of<'a>(stage: &'a [Instruction], wanted: &str) -> Option<&'a str> {
    let mut found = stage.iter().rev().filter(|(name, _)| name == wanted);
    found.next().map(|(_, rest)| rest.as_str())
}

fn lines(stage: &[Instruction], wanted: &str) -> String {
    let found = stage.iter().filter(|(name, _)| name == wanted);
    short::list(found.map(|(name, rest)| format!("{name} {rest}")))
}

/// All instructions: without comments, and with continued lines put together.
fn instructions(text: &str) -> Vec<Instruction> {
    let mut whole = String::new();
    let mut found = Vec::new();
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        match line.strip_suffix('\\') {
            Some(begun) => whole = whole + begun + " ",
            None => {
                whole += line;
                if let Some((name, rest)) = whole.trim().split_once(char::is_whitespace) {
                    found.push((name.to_ascii_uppercase(), rest.trim().to_owned()));
                }
                whole.clear();
            }
        }
    }
    found
}

/// Judges how the program is compiled.
pub(super) fn judge_profile(packaging: &Packaging) -> Result<(), Wrong> {
    let text = packaging.text("release-profile.toml")?;
    let demand = Demand {
        file: "packaging/release-profile.toml",
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            let got = short::line(&error.to_string());
            demand.that(
                false,
                "The profile is not TOML.",
                "the whole file",
                "a table [profile.release]",
                got,
            )?;
            return Ok(());
        }
    };
    let release = table
        .get("profile")
        .and_then(|profiles| profiles.get("release"));
    let setting = |name: &str| release.and_then(|release| release.get(name));
    let demanded = |name: &str, what: &str, expected: &str, holds: fn(&Value) -> bool| {
        let value = setting(name);
        demand.that(
            value.is_some_and(holds),
            what,
            &format!("`{name}` in [profile.release]"),
            expected,
            value.map_or("nothing there".to_owned(), Value::to_string),
        )
    };
    demanded(
        "strip",
        "The names of all functions stay in the program.",
        "\"symbols\", or true",
        |value| matches!(value, Value::Boolean(true)) || matches!(value.as_str(), Some("symbols")),
    )?;
    demanded(
        "lto",
        "The program is not looked at as a whole.",
        "\"fat\" or \"thin\", or true",
        |value| {
            matches!(value, Value::Boolean(true)) || matches!(value.as_str(), Some("fat" | "thin"))
        },
    )?;
    demanded(
        "codegen-units",
        "Each crate is compiled in pieces, which are bigger together.",
        "1",
        |value| value.as_integer() == Some(1),
    )?;
    let panic = setting("panic");
    demand.that(
        panic.is_none_or(|value| value.as_str() == Some("unwind")),
        "A panic in one request ends the whole process.",
        "`panic` in [profile.release]",
        "nothing, or \"unwind\"",
        panic.map_or(String::new(), Value::to_string),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_go_on_over_lines_and_comments_are_none() {
        let text = "# no\nfrom a AS b\nRUN one \\\n  # no\n  && two\n\nUSER 1\n";
        let expected = [("FROM", "a AS b"), ("RUN", "one  && two"), ("USER", "1")];
        let found = instructions(text);
        let found: Vec<_> = found
            .iter()
            .map(|(name, rest)| (name.as_str(), rest.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_copy_into_a_folder_keeps_its_name() {
        let stage =
            instructions("COPY --from=build --chown=1 /a/server /usr/local/bin/\nCOPY x y\n");
        let expected = ("/a/server".to_owned(), "/usr/local/bin/server".to_owned());
        assert_eq!(copied(&stage), [expected]);
    }
}
