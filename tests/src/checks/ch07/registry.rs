//! What an entry of the registry must say. Registry of MCP servers, server.json.

use serde_json::Value;

use super::files::{Demand, Packaging, is_text};
use crate::harness::{Wrong, short};

const SCHEMAS: &str = "https://static.modelcontextprotocol.io/schemas/";
/// Longest description that the registry takes, in characters.
const DESCRIPTION: usize = 100;
/// Kinds of packages that it knows.
const KINDS: [&str; 7] = ["cargo", "go", "mcpb", "npm", "nuget", "oci", "pypi"];
/// Ways to reach a server.
const TRANSPORTS: [&str; 3] = ["stdio", "streamable-http", "sse"];
/// Settings that nobody else should see.
const SECRET: &str = "TRACKER_TOKEN";

/// Judges the entry of the crate.
pub(super) fn judge(packaging: &Packaging) -> Result<(), Wrong> {
    let entry = packaging.json("server.json")?;
    let demand = Demand {
        file: "packaging/server.json",
    };
    let value = |pointer: &str, expected: &str, holds: &dyn Fn(&Value) -> bool| {
        demand.value(&entry, pointer, expected, holds)
    };
    let expected = format!("the address of a schema, which begins with {SCHEMAS}");
    value("/$schema", &expected, &|schema| {
        schema
            .as_str()
            .is_some_and(|schema| schema.starts_with(SCHEMAS))
    })?;
    value(
        "/name",
        "a name such as io.github.example/tracker-mcp: whose it is, turned round, and what it is called",
        &is_name,
    )?;
    let expected = format!("1 to {DESCRIPTION} characters");
    value("/description", &expected, &|text| {
        let length = text.as_str().map_or(0, |text| text.chars().count());
        (1..=DESCRIPTION).contains(&length)
    })?;
    let expected = format!("{}, as in Cargo.toml", packaging.package.version);
    value("/version", &expected, &|version| {
        *version == *packaging.package.version
    })?;
    let packages = entry["packages"].as_array();
    value("/packages", "at least one package", &|packages| {
        packages
            .as_array()
            .is_some_and(|packages| !packages.is_empty())
    })?;
    for number in 0..packages.map_or(0, Vec::len) {
        package(packaging, &entry, number, &demand)?;
    }
    label(packaging, &entry)
}

/// Judges one package of the entry.
fn package(
    packaging: &Packaging,
    entry: &Value,
    number: usize,
    demand: &Demand<'_>,
) -> Result<(), Wrong> {
    let own = &entry["packages"][number];
    let value = |field: &str, expected: &str, holds: &dyn Fn(&Value) -> bool| {
        demand.value(
            entry,
            &format!("/packages/{number}/{field}"),
            expected,
            holds,
        )
    };
    let one_of = |list: &'static [&'static str]| {
        move |value: &Value| value.as_str().is_some_and(|value| list.contains(&value))
    };
    value("registryType", &short::list(KINDS), &one_of(&KINDS))?;
    value(
        "transport/type",
        &short::list(TRANSPORTS),
        &one_of(&TRANSPORTS),
    )?;
    let version = &packaging.package.version;
    let same = format!("{version}, as in Cargo.toml");
    value("version", &same, &|own| own.is_null() || *own == **version)?;
    let ends = |text: &Value, end: &str| text.as_str().is_some_and(|text| text.ends_with(end));
    match own["registryType"].as_str().unwrap_or_default() {
        "oci" => {
            let tag = format!(":{version}");
            let expected = format!("an image with the tag {tag}, the version in Cargo.toml");
            value("identifier", &expected, &|image| ends(image, &tag))?;
        }
        "mcpb" => {
            let expected =
                format!("the https address of a file of release {version}, with `mcp` in it");
            value("identifier", &expected, &|address| {
                address.as_str().is_some_and(|address| {
                    address.starts_with("https://")
                        && address.contains("mcp")
                        && address.split(['/', '-', '_']).any(|part| {
                            part.trim_start_matches('v') == version
                                || part == format!("{version}.mcpb")
                        })
                })
            })?;
            value(
                "fileSha256",
                "the SHA-256 of the file, as 64 hexadecimal digits; 64 zeros as long as there is no file",
                &|hash| {
                    hash.as_str().is_some_and(|hash| {
                        hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
                    })
                },
            )?;
        }
        "cargo" => {
            let expected = format!("{}, as in Cargo.toml", packaging.package.name);
            value("identifier", &expected, &|name| {
                *name == *packaging.package.name
            })?;
        }
        _ => value("identifier", "what the package is called there", &is_text)?,
    }
    // What a bundle needs stands in its own manifest, and nowhere but here for every other package.
    if own["registryType"] != "mcpb" {
        let expected = format!("an entry {SECRET}: the server does not start without it");
        value("environmentVariables", &expected, &|list| {
            let mut named = list.as_array().into_iter().flatten();
            named.any(|variable| variable["name"] == SECRET)
        })?;
    }
    let variables = own["environmentVariables"].as_array();
    for (place, variable) in variables.into_iter().flatten().enumerate() {
        if variable["name"] == SECRET {
            let field = format!("environmentVariables/{place}/isSecret");
            value(&field, "true: a client masks it", &|secret| *secret == true)?;
        }
    }
    Ok(())
}

/// The image says which entry it belongs to: so the registry knows that both are of the same owner.
fn label(packaging: &Packaging, entry: &Value) -> Result<(), Wrong> {
    const LABEL: &str = "io.modelcontextprotocol.server.name";
    let has_image = entry["packages"]
        .as_array()
        .is_some_and(|packages| packages.iter().any(|own| own["registryType"] == "oci"));
    if !has_image {
        return Ok(());
    }
    let name = entry["name"].as_str().unwrap_or_default();
    // Whether it is filled in is the question of another check.
    let text = packaging.raw("Containerfile");
    let line = text.lines().find(|line| line.contains(LABEL));
    Demand {
        file: "packaging/Containerfile",
    }
    .that(
        line.is_some_and(|line| {
            line.split(['=', ' '])
                .any(|word| word.trim_matches('"') == name)
        }),
        "The image does not say which entry of the registry it belongs to.",
        "LABEL",
        format!("LABEL {LABEL}=\"{name}\", the `name` in packaging/server.json"),
        line.map_or("no such label".to_owned(), short::line),
    )
}

/// A domain turned round, a slash, and a name.
fn is_name(name: &Value) -> bool {
    let parts = name.as_str().and_then(|name| name.split_once('/'));
    let Some((owner, own)) = parts else {
        return false;
    };
    let of = |text: &str, extra: &str| {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || extra.contains(letter);
        !text.is_empty() && text.chars().all(fits)
    };
    of(owner, ".-") && owner.contains('.') && of(own, "._-")
}
