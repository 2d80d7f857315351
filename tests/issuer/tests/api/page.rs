//! The API page, the router and the tests speak of the same things.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use issuer::{
    ALGORITHM, CODES, Effect, Fault, LONGEST_DOCUMENT, MACHINE_CLIENT, MACHINE_SECRET, Options,
    PORT, ROUTES, SCOPES, SERVER_CLIENT, SERVER_SECRET, TALK_CLIENT, TALK_REDIRECT, TYPE,
};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/appendix/issuer.md");
    fs::read_to_string(path).expect("the API page")
}

/// The first cells of the tables under a heading, without their backticks.
fn first_cells(heading: &str) -> BTreeSet<String> {
    let page = page();
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let rows: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let cells: BTreeSet<String> = rows
        .iter()
        .map(|row| row.split('`').nth(1).expect("a name").to_owned())
        .collect();
    assert_eq!(cells.len(), rows.len(), "a row comes twice under {heading}");
    cells
}

fn set<T: Into<String>>(names: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    names.into_iter().map(Into::into).collect()
}

#[test]
fn the_page_lists_exactly_the_routes() {
    assert_eq!(
        first_cells("Endpoints"),
        set(ROUTES.iter().map(|route| route.name()))
    );
}

#[test]
fn the_page_lists_exactly_the_codes() {
    assert_eq!(first_cells("Errors"), set(CODES.iter().copied()));
}

#[test]
fn the_page_lists_exactly_the_faults() {
    assert_eq!(first_cells("Faults"), set(Effect::NAMES));
}

#[test]
fn the_page_lists_exactly_the_scopes() {
    assert_eq!(first_cells("Scopes"), set(SCOPES.map(|(name, _)| name)));
}

#[test]
fn the_page_names_what_is_registered() {
    let page = page();
    let port = PORT.to_string();
    for name in [
        MACHINE_CLIENT,
        MACHINE_SECRET,
        SERVER_CLIENT,
        SERVER_SECRET,
        TALK_CLIENT,
        TALK_REDIRECT,
        ALGORITHM,
        TYPE,
    ] {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    assert!(page.contains(&format!("port {port}")));
    let Options {
        token_lifetime,
        code_lifetime,
        ..
    } = Options::default();
    for lifetime in [token_lifetime, code_lifetime] {
        assert!(page.contains(&format!(" {} s", lifetime.as_secs())));
    }
    let (thousands, rest) = (LONGEST_DOCUMENT / 1000, LONGEST_DOCUMENT % 1000);
    assert!(page.contains(&format!("{thousands},{rest} bytes")));
}

#[test]
fn the_fault_on_the_page_is_one() {
    let page = page();
    let (_, rest) = page.split_once("```json\n").expect("an example");
    let example = rest.split("```").next().expect("its end");
    let fault: Fault = serde_json::from_str(example).expect("a fault");
    let down = Effect::Status { status: 503 };
    assert_eq!(fault, Fault::on("GET /jwks", down).times(2));
}

#[test]
fn every_route_and_every_fault_has_a_test() {
    let mut held = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api");
    for entry in fs::read_dir(folder).expect("the tests") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(what) = line.strip_prefix("// Holds: ") else {
                continue;
            };
            let below = lines[number..].iter().find(|line| !line.starts_with("// "));
            let below = below.expect("a line below");
            assert!(
                below.starts_with("#["),
                "{what:?} stands above {below:?}, which is no test"
            );
            held.extend(what.split(", ").map(ToOwned::to_owned));
        }
    }
    let mut wanted = set(ROUTES.iter().map(|route| route.name()));
    wanted.extend(Effect::NAMES.iter().map(|name| format!("fault {name}")));
    assert_eq!(held, wanted);
}
