//! What a crate of one's own can be called.

use anyhow::Result;

/// Why a crate cannot have this name, and what to do; none if it can.
///
/// `dependencies` are the crates that the chapter uses: a crate cannot share a name with one of them.
pub fn name_problem(name: &str, dependencies: &[String]) -> Option<String> {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    if !begins
        || !name
            .chars()
            .all(|letter| plain(letter) || "-_".contains(letter))
    {
        return Some(format!(
            "`{name}` cannot name a crate: a letter first, then small letters, digits, - and _. \
             Choose one with --name, such as --name my-server."
        ));
    }
    let library = name.replace('-', "_");
    if RESERVED.split(' ').any(|word| word == library) {
        return Some(format!(
            "`{name}` is a word of Rust or cargo. Choose another with --name, such as --name my-{name}."
        ));
    }
    if dependencies
        .iter()
        .any(|crate_name| crate_name.replace('-', "_") == library)
    {
        return Some(format!(
            "`{name}` is the name of a crate that the server uses. Choose another with --name, such as --name my-{name}."
        ));
    }
    None
}

/// Names that cargo or the compiler keeps for itself, as one text: a list would fill the screen.
const RESERVED: &str = "\
    abstract alloc as async await become box break build const continue core crate deps do \
    dyn else enum examples extern false final fn for gen if impl in incremental let loop \
    macro match mod move mut override priv proc_macro pub ref return self static std struct \
    super test trait true try type typeof unsafe unsized use virtual where while yield";

/// The crates that a manifest's text names as dependencies.
///
/// # Errors
/// The text is not TOML.
pub fn dependencies(manifest: &str) -> Result<Vec<String>> {
    let table: toml::Table = toml::from_str(manifest)?;
    let names = ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| table.get(*section)?.as_table())
        .flat_map(|crates| crates.keys().cloned())
        .collect();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cargo_would_refuse_is_refused_first() {
        let used = ["rmcp".to_owned(), "serde_json".to_owned()];
        for name in [
            "2fast",
            "My-Server",
            "",
            "a b",
            "match",
            "test",
            "rmcp",
            "serde-json",
        ] {
            assert!(name_problem(name, &used).is_some(), "{name}");
        }
        assert_eq!(name_problem("my-server", &used), None);
    }

    #[test]
    fn dependencies_are_read_from_the_manifest() {
        let manifest = "[dependencies]\nrmcp = \"3\"\n[dev-dependencies]\ntempfile = \"3\"\n";
        assert_eq!(dependencies(manifest).expect("TOML"), ["rmcp", "tempfile"]);
    }
}
