//! What the manifest of a bundle must say. MCPB, MANIFEST.md.

use serde_json::{Map, Value};

use super::files::{Demand, Packaging, is_text};
use crate::harness::{Wrong, short};

const FILE: &str = "manifest.json";
/// Versions of the manifest that can describe a program of one's own.
const VERSIONS: [&str; 3] = ["0.2", "0.3", "0.4"];
/// What the server cannot work without.
const SECRET: &str = "TRACKER_TOKEN";

/// Judges the manifest of a server that has these tools.
pub(super) fn judge(packaging: &Packaging, tools: &[&str]) -> Result<(), Wrong> {
    let manifest = packaging.json(FILE)?;
    let demand = Demand {
        file: "packaging/manifest.json",
    };
    let value = |pointer: &str, expected: &str, holds: &dyn Fn(&Value) -> bool| {
        demand.value(&manifest, pointer, expected, holds)
    };
    value("/manifest_version", "0.3", &|version| {
        version
            .as_str()
            .is_some_and(|version| VERSIONS.contains(&version))
    })?;
    for pointer in ["/name", "/description", "/author/name"] {
        value(pointer, "a text", &is_text)?;
    }
    let own = format!("{}, as in Cargo.toml", packaging.package.version);
    value("/version", &own, &|version| {
        *version == *packaging.package.version
    })?;
    value(
        "/server/type",
        "binary: the bundle holds a compiled program",
        &|kind| kind == "binary",
    )?;
    let relative = |path: &Value| {
        path.as_str().is_some_and(|path| {
            !path.is_empty() && !path.starts_with(['/', '$']) && !path.contains("..")
        })
    };
    value(
        "/server/entry_point",
        "the path of the program inside the bundle",
        &relative,
    )?;
    let entry = manifest["server"]["entry_point"]
        .as_str()
        .unwrap_or_default();
    let command = format!("${{__dirname}}/{entry}");
    let expected = format!("{command}: the folder of the bundle is known when it is installed");
    value("/server/mcp_config/command", &expected, &|own| {
        *own == *command
    })?;
    let texts = |list: &Value| match list {
        Value::Null => true,
        list => list
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string)),
    };
    value("/server/mcp_config/args", "a list of texts", &texts)?;
    settings(&manifest, &demand)?;
    listed(&manifest, &demand, tools)
}

/// Every setting that the program gets is one that the user is asked for, and a secret is treated as one.
fn settings(manifest: &Value, demand: &Demand<'_>) -> Result<(), Wrong> {
    let none = Map::new();
    let env = manifest["server"]["mcp_config"]["env"]
        .as_object()
        .unwrap_or(&none);
    let asked = manifest["user_config"].as_object().unwrap_or(&none);
    for (name, value) in env {
        let place = format!("`server.mcp_config.env.{name}`");
        let Some((_, rest)) = value
            .as_str()
            .unwrap_or_default()
            .split_once("${user_config.")
        else {
            continue;
        };
        let key = rest.split('}').next().unwrap_or_default();
        demand.that(
            asked.contains_key(key),
            "The bundle passes on a setting that nobody is asked for.",
            &place,
            format!("an entry `{key}` in `user_config`"),
            short::list(asked.keys()),
        )?;
    }
    for (key, entry) in asked {
        let complete = ["type", "title", "description"]
            .iter()
            .all(|field| is_text(&entry[field]));
        demand.that(
            complete,
            "The user is asked for something without being told what it is.",
            &format!("`user_config.{key}`"),
            "`type`, `title` and `description`",
            short::json(entry),
        )?;
    }
    let given = env.get(SECRET).and_then(Value::as_str).unwrap_or_default();
    let key = given
        .strip_prefix("${user_config.")
        .and_then(|rest| rest.strip_suffix('}'));
    demand.that(
        key.is_some(),
        "The server does not get its token from the user.",
        &format!("`server.mcp_config.env.{SECRET}`"),
        "${user_config.NAME}",
        if given.is_empty() {
            "nothing there"
        } else {
            given
        },
    )?;
    let key = key.unwrap_or_default();
    demand.that(
        asked
            .get(key)
            .is_some_and(|entry| entry["sensitive"] == true),
        "The token is not treated as a secret.",
        &format!("`user_config.{key}`"),
        "`sensitive`: true, so that it is masked, and kept in the key ring of the system",
        short::json(asked.get(key).unwrap_or(&Value::Null)),
    )
}

/// What a user is shown before anything runs is what the server has.
fn listed(manifest: &Value, demand: &Demand<'_>, tools: &[&str]) -> Result<(), Wrong> {
    let shown = manifest["tools"].as_array();
    for tool in shown.into_iter().flatten() {
        let name = tool["name"].as_str().unwrap_or_default();
        demand.that(
            tools.contains(&name),
            "The bundle shows a tool that the server does not have.",
            "`tools`",
            format!(
                "names of tools/list: {}",
                short::list(tools.iter().copied())
            ),
            short::json(&tool["name"]),
        )?;
    }
    Ok(())
}
