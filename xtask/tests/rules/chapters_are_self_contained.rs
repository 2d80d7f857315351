//! A chapter copied out of the repository builds by itself.

use crate::solution_manifests;

#[test]
fn chapters_are_self_contained() {
    for (path, table) in solution_manifests() {
        let shown = path.display();
        assert!(
            !table.contains_key("profile"),
            "{shown}: profiles belong to the workspace"
        );
        assert!(
            table.contains_key("lints"),
            "{shown}: lints are spelled out"
        );
        assert!(
            table["lib"]["path"].is_str(),
            "{shown}: [lib] names its path"
        );
        for bin in table["bin"].as_array().expect("[[bin]]") {
            assert!(bin["path"].is_str(), "{shown}: [[bin]] names its path");
        }
        forbid(&shown.to_string(), &toml::Value::Table(table));
    }
}

/// Neither `path = "../…"` in a dependency nor `workspace = true` anywhere.
fn forbid(shown: &str, value: &toml::Value) {
    let Some(table) = value.as_table() else {
        return;
    };
    for (key, inner) in table {
        assert!(
            key != "workspace",
            "{shown}: `workspace = …` needs the repository around it"
        );
        if let Some(path) = inner.get("path").and_then(toml::Value::as_str) {
            assert!(
                !path.contains(".."),
                "{shown}: {key} lies outside the crate"
            );
        }
        forbid(shown, inner);
    }
}
