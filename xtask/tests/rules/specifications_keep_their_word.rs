//! The specifications of chapter 8 have no usual fault, and their seeds hold what they say.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use xtask::spec::Specification;
use xtask::spec::lint::faults;
use xtask::spec::parse::specification;
use xtask::spec::skeleton::Kind;

use crate::text;

fn read(kind: Kind) -> Specification {
    specification(&text(Path::new(kind.example())).expect("a specification is text"))
}

fn seed(kind: Kind) -> Value {
    let path = Path::new(kind.example()).with_file_name("seed.json");
    serde_json::from_str(&text(&path).expect("a seed is text")).expect("a seed is JSON")
}

fn list<'a>(seed: &'a Value, name: &str) -> &'a [Value] {
    seed[name].as_array().expect("a list")
}

#[test]
fn specifications_have_no_usual_fault() {
    for kind in Kind::ALL {
        let specification = read(kind);
        assert_eq!(faults(&specification), [], "{}", kind.example());
        let criteria = specification.criteria;
        assert!((30..=36).contains(&criteria.len()), "{}", kind.example());
        let checks: BTreeSet<&str> = criteria.iter().map(|one| one.check_name()).collect();
        assert_eq!(checks.len(), criteria.len(), "{}", kind.example());
        for number in 1..=8 {
            let exercise = format!("8.{number}");
            let has = |one: &xtask::spec::Criterion| {
                one.exercise
                    .as_ref()
                    .is_some_and(|own| own.text == exercise)
            };
            assert!(criteria.iter().any(has), "{} {exercise}", kind.example());
        }
    }
}

#[test]
fn ids_of_a_seed_are_unique_and_lead_somewhere() {
    let seed = seed(Kind::Crm);
    let ids = |name| {
        let ids: BTreeSet<&str> = list(&seed, name)
            .iter()
            .map(|record| record["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids.len(), list(&seed, name).len(), "{name}");
        ids
    };
    let accounts = ids("accounts");
    for (name, count) in [("contacts", 190), ("deals", 40), ("activities", 63)] {
        assert_eq!(ids(name).len(), count);
        for record in list(&seed, name) {
            let account = record["account"].as_str().expect("an account");
            assert!(accounts.contains(account), "{record}");
        }
    }
    assert_eq!(accounts.len(), 25);
}

#[test]
fn the_forecast_of_the_specification_is_that_of_the_seed() {
    let seed = seed(Kind::Crm);
    let in_quarter = |deal: &&Value| {
        let closes = deal["closes"].as_str().expect("a day");
        deal["currency"] == "EUR" && ("2026-04-01"..="2026-06-30").contains(&closes)
    };
    let weights = list(&seed, "deals").iter().filter(in_quarter).map(|deal| {
        let stage = deal["stage"].as_str().expect("a stage");
        let percent = seed["probability_percent"][stage]
            .as_u64()
            .expect("a percentage");
        deal["amount_cents"].as_u64().expect("an amount") * percent / 100
    });
    assert_eq!(weights.sum::<u64>(), 9_921_780);
}

#[test]
fn the_figures_of_the_specification_are_those_of_the_seed() {
    let seed = seed(Kind::Analytics);
    let rows = |id: &str| {
        let sets = list(&seed, "datasets");
        let set = sets.iter().find(|set| set["id"] == id).expect("a dataset");
        let columns = list(set, "columns").len();
        let rows = list(set, "rows");
        assert!(
            rows.iter()
                .all(|row| row.as_array().is_some_and(|row| row.len() == columns))
        );
        rows
    };
    let sum = |id, column: usize, wanted: &dyn Fn(&Value) -> bool| {
        let rows = rows(id).iter().filter(|row| wanted(row));
        rows.map(|row| row[column].as_u64().expect("a number"))
            .sum::<u64>()
    };
    let between = |row: &Value, from: &str, to: &str| {
        row[0]
            .as_str()
            .is_some_and(|day| (from..=to).contains(&day))
    };
    let april = |row: &Value| between(row, "2026-04-01", "2026-04-30");
    for (region, cents) in [
        ("east", 1_183_400),
        ("north", 1_106_700),
        ("south", 968_300),
        ("west", 616_800),
    ] {
        assert_eq!(
            sum("orders", 5, &|row| april(row) && row[1] == region),
            cents,
            "{region}"
        );
    }
    assert_eq!(sum("visits", 2, &april), 69_333);
    assert_eq!(
        sum("visits", 2, &|row| between(row, "2026-03-02", "2026-03-31")),
        69_221
    );
    let recalls = rows("support").iter().filter(|row| row[1] == "recall");
    assert_eq!(recalls.count(), 4);
    let damages = rows("support")
        .iter()
        .filter(|row| row[1] == "damage")
        .count() as f64;
    let minutes = sum("support", 3, &|row| row[1] == "damage") as f64;
    assert_eq!((minutes / damages * 100.0).round(), 20455.0);
    assert_eq!(rows("visits").len(), 360);
    assert_eq!(list(&seed, "reports").len(), 25);
}
