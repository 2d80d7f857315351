//! Chapters of one kind have the same dependencies to the letter, the capstone those of the others, and heavy crates one feature list
//! everywhere: every other list is one more build that a learner waits for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::{cargo_toml, manifest, solution_manifests, tracked_files};

#[test]
fn chapters_of_one_transport_have_one_dependency_set() {
    let (whole, stages): (Vec<Set>, Vec<Set>) = sets().into_iter().partition(|set| set.cumulative);
    for http in [false, true] {
        let mut sets = stages.iter().filter(|set| set.has_http() == http);
        let first = sets.next().expect("there is a chapter of each");
        for set in sets {
            assert_eq!(
                set.lines,
                first.lines,
                "{} differs from {}",
                set.path.display(),
                first.path.display()
            );
        }
    }
    // What brings the other chapters together has what they have, line by line, and nothing else.
    for set in whole {
        let path = set.path.display();
        for (name, line) in &set.lines {
            let known = stages
                .iter()
                .any(|stage| stage.lines.get(name) == Some(line));
            assert!(known, "{name} in {path} is in no other chapter like that");
        }
        for stage in stages.iter().filter(|stage| stage.has_http()) {
            for name in stage.lines.keys() {
                assert!(set.lines.contains_key(name), "{path} lacks {name}");
            }
        }
    }
}

/// The dependencies of one chapter.
struct Set {
    path: PathBuf,
    lines: BTreeMap<String, toml::Value>,
    cumulative: bool,
}

impl Set {
    fn has_http(&self) -> bool {
        self.lines.contains_key("axum")
    }
}

fn sets() -> Vec<Set> {
    let manifest = manifest();
    let whole = |path: &PathBuf| {
        let mut cumulative = manifest
            .chapters
            .iter()
            .filter(|chapter| chapter.cumulative);
        cumulative.any(|chapter| path.starts_with(format!("solutions/{}", chapter.name)))
    };
    let tables = solution_manifests().into_iter();
    tables
        .map(|(path, table)| Set {
            cumulative: whole(&path),
            lines: table["dependencies"]
                .clone()
                .try_into()
                .expect("a table of dependencies"),
            path,
        })
        .collect()
}

#[test]
fn heavy_crates_have_one_feature_list() {
    let workspace = cargo_toml("Cargo.toml".as_ref());
    let shared = workspace["workspace"]["dependencies"]
        .as_table()
        .expect("a table")
        .clone();
    let mut lists: BTreeMap<&str, Vec<(String, Vec<String>)>> = BTreeMap::new();
    for path in tracked_files() {
        // Chapters are made from solutions; what a learner adds there is theirs.
        if !path.ends_with("Cargo.toml") || path.starts_with("chapters") {
            continue;
        }
        let table = cargo_toml(&path);
        for kind in ["dependencies", "dev-dependencies"] {
            for name in ["tokio", "serde_json", "reqwest", "axum"] {
                let Some(own) = table.get(kind).and_then(|set| set.get(name)) else {
                    continue;
                };
                let inherited = own.get("workspace").is_some();
                let dependency = if inherited { &shared[name] } else { own };
                lists
                    .entry(name)
                    .or_default()
                    .push((path.display().to_string(), features(dependency)));
            }
        }
    }
    for (name, uses) in lists {
        let (first, expected) = &uses[0];
        for (path, list) in &uses {
            assert_eq!(list, expected, "{name} in {path} differs from {first}");
        }
    }
}

fn features(dependency: &toml::Value) -> Vec<String> {
    let named = dependency.get("features").and_then(toml::Value::as_array);
    let mut list: Vec<String> = named
        .into_iter()
        .flatten()
        .filter_map(|feature| feature.as_str().map(String::from))
        .collect();
    if dependency
        .get("default-features")
        .and_then(toml::Value::as_bool)
        != Some(false)
    {
        list.push("default".into());
    }
    list.sort();
    list
}
