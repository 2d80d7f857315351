//! Chapters of one kind have the same dependencies to the letter, and heavy crates one feature list
//! everywhere: every other list is one more build that a learner waits for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::{cargo_toml, solution_manifests, tracked_files};

#[test]
fn chapters_of_one_transport_have_one_dependency_set() {
    for http in [false, true] {
        let sets: Vec<(PathBuf, String)> = solution_manifests()
            .into_iter()
            .filter(|(_, table)| table["dependencies"].get("axum").is_some() == http)
            .map(|(path, table)| (path, table["dependencies"].to_string()))
            .collect();
        let (first, expected) = sets.first().expect("there is a chapter of each");
        for (path, set) in &sets {
            assert_eq!(
                set,
                expected,
                "{} differs from {}",
                path.display(),
                first.display()
            );
        }
    }
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
