//! The commands that build a chapter: `run`, `talk`, and `new` when all goes well.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::fixture::{Learner, command, root, wait};

/// Something in the folder that holds the checkout.
fn beside(name: &str) -> PathBuf {
    root().with_file_name(name)
}

/// What a program prints for `--version`.
fn version(program: &Path) -> String {
    let output = Command::new(program)
        .arg("--version")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every block of `text` that begins with `{` and ends with `}` at the start of a line.
fn json_blocks(text: &str) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        if line == "{" {
            block = Some(String::new());
        }
        if let Some(lines) = &mut block {
            lines.push_str(line);
            lines.push('\n');
        }
        if line == "}"
            && let Some(lines) = block.take()
        {
            blocks.push(serde_json::from_str(&lines).expect("it is JSON"));
        }
    }
    blocks
}

#[test]
fn run_prints_configurations_that_name_the_program() {
    let learner = Learner::new();
    let said = learner.run(&["run", "ch02"]).exits(0).says(&[
        "Claude Desktop",
        "claude_desktop_config.json",
        "Claude Code",
        ".mcp.json",
        "VS Code",
        ".vscode/mcp.json",
        "Cursor",
        ".cursor/mcp.json",
        "The client starts the server itself",
        "cargo xtask talk ch02",
    ]);
    let blocks = json_blocks(&said.stdout);
    let keys: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.as_object().expect("an object").keys())
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["mcpServers", "mcpServers", "servers", "mcpServers"]);
    for (block, key) in blocks.iter().zip(keys) {
        let program = block[key]["ch02-first-server"]["command"]
            .as_str()
            .expect("a path");
        assert!(Path::new(program).is_absolute(), "{program}");
        assert_eq!(version(Path::new(program)), "ch02-first-server 0.1.0\n");
    }
}

#[test]
fn run_shows_why_a_chapter_does_not_compile() {
    let learner = Learner::new();
    let file = "chapters/ch02-first-server/src/lib.rs";
    learner.write(file, &format!("{}\nlet", learner.read(file)));
    learner
        .run(&["run", "ch02"])
        .exits(3)
        .says(&[file, "cargo xtask check ch02"]);
}

#[test]
fn a_manifest_that_cargo_refuses_leads_to_the_doctor() {
    let learner = Learner::new();
    let manifest = "chapters/ch02-first-server/Cargo.toml";
    learner.edit(manifest, "anyhow = \"1\"", "anyhow = \"1");
    learner
        .run(&["run", "ch01"])
        .exits(3)
        .says(&[manifest, "doctor"]);
    learner.run(&["doctor", "--fix"]).exits(0);
}

#[test]
fn talk_calls_a_tool_by_hand() {
    let learner = Learner::new();
    let lines = beside("what-is-typed.txt");
    fs::write(&lines, "greet name=Ada\nquit\n").expect("it can be written");
    wait(command(&["talk", "ch01"]).stdin(File::open(&lines).expect("it is there")))
        .exits(0)
        .says(&["Hello, Ada!"]);
    learner
        .run(&["talk", "ch01", "--era", "old"])
        .exits(2)
        .says(&["`old` is no era"]);
}

#[test]
fn new_gives_a_crate_that_builds_and_says_how_to_go_on() {
    let learner = Learner::new();
    let own = beside("my-server");
    let _ = fs::remove_dir_all(&own);
    learner
        .run(&["new", "../my-server", "--from", "ch02"])
        .exits(0)
        .says(&[
            "my-server",
            "It builds.",
            "still the starter in the copy: 2.1",
        ]);

    let program = beside("target/workbook/debug/my-server");
    assert_eq!(version(&program), "my-server 0.1.0\n");
    for path in xtask::sources::files_below(&own).expect("it can be read") {
        let text = fs::read_to_string(own.join(&path)).expect("UTF-8");
        for word in ["Exercise 2.", "ch02_first_server", "name = \"ch02"] {
            assert!(!text.contains(word), "{word} in {}", path.display());
        }
    }
    let readme = fs::read_to_string(own.join("README.md")).expect("a README");
    let path = own.join("target/release/my-server");
    for words in [
        "# my-server",
        "src/server.rs",
        "mcpServers",
        &path.to_string_lossy(),
    ] {
        assert!(readme.contains(words), "`{words}` is missing in:\n{readme}");
    }
    // Only what this crate needs, and nothing has to be resolved anew.
    let lock = fs::read_to_string(own.join("Cargo.lock")).expect("a lock file");
    assert!(lock.contains("name = \"my-server\"") && !lock.contains("name = \"mdbook"));
    let left = fs::read_dir(beside("target/workbook/new")).expect("it was there");
    assert_eq!(left.count(), 0);

    // A second time it is in the way, and stays as it is.
    learner
        .run(&["new", "../my-server", "--from", "ch02"])
        .exits(2)
        .says(&["is there already"]);
}
