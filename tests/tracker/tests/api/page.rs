//! The API page, the router and the tests speak of the same things.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tracker::{DEFAULT_TOKEN, Effect, Fault, PROBLEMS, ROUTES, START, names};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/appendix/tracker.md");
    fs::read_to_string(path).expect("the API page")
}

/// The rows of the tables under a heading, each cell without its backticks.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = page();
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let section = rest.split("\n## ").next().unwrap_or(rest);
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().replace('`', ""))
                .collect()
        })
        .collect()
}

fn first_cells(heading: &str) -> BTreeSet<String> {
    let rows = rows(heading);
    let cells: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(cells.len(), rows.len(), "a row comes twice under {heading}");
    cells
}

#[test]
fn the_page_lists_exactly_the_routes_with_their_parameters() {
    let told: BTreeSet<(String, BTreeSet<String>)> = rows("Endpoints")
        .into_iter()
        .map(|row| {
            let names = row[1].split_once("Query: ").map_or("", |(_, names)| names);
            let names = names.split(", ").filter(|name| !name.is_empty());
            (row[0].clone(), names.map(Into::into).collect())
        })
        .collect();
    let real: BTreeSet<(String, BTreeSet<String>)> = ROUTES
        .iter()
        .map(|route| {
            (
                route.name(),
                route
                    .parameters
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect(),
            )
        })
        .collect();
    assert_eq!(told, real);
}

#[test]
fn the_page_lists_exactly_the_problems() {
    assert_eq!(
        first_cells("Errors"),
        PROBLEMS.iter().map(|name| (*name).to_owned()).collect()
    );
}

#[test]
fn the_page_lists_exactly_the_faults() {
    assert_eq!(
        first_cells("Faults"),
        Effect::NAMES
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    );
}

#[test]
fn the_page_names_what_the_seed_has() {
    let page = page();
    let tasks = [
        names::HOSTILE_TASK,
        names::HUGE_TASK,
        names::UNICODE_TASK,
        names::ATTACHMENT_TASK,
    ];
    let projects = [
        names::PROJECT,
        names::EMPTY_PROJECT,
        names::CROWDED_PROJECT,
        names::ARCHIVED_PROJECT,
        DEFAULT_TOKEN,
        START,
    ];
    for name in tasks.into_iter().chain(projects).chain(names::ODD_PROJECTS) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_fault_on_the_page_is_one() {
    let page = page();
    let (_, rest) = page.split_once("```json\n").expect("an example");
    let example = rest.split("```").next().expect("its end");
    let fault: Fault = serde_json::from_str(example).expect("a fault");
    assert_eq!(
        fault,
        Fault::on("POST /tasks", Effect::Status { status: 503 }).times(2)
    );
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
            let below = lines[number..]
                .iter()
                .find(|line| !line.starts_with("// "))
                .expect("a line below");
            assert!(
                below.starts_with("#["),
                "{what:?} stands above {below:?}, which is no test"
            );
            held.extend(what.split(", ").map(ToOwned::to_owned));
        }
    }
    let mut wanted: BTreeSet<String> = ROUTES.iter().map(|route| route.name()).collect();
    wanted.extend(Effect::NAMES.iter().map(|name| format!("fault {name}")));
    assert_eq!(held, wanted);
}
