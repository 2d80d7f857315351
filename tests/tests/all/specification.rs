//! The specification of chapter 8 and its checks: one check for each criterion, and no other.

use reference_tests::checks;
use verdict::CheckInfo;
use xtask::spec::Specification;
use xtask::spec::compare::differences;
use xtask::spec::parse::specification;

const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../solutions/ch08-capstone/SPEC.md"
);

fn read() -> Specification {
    specification(&std::fs::read_to_string(PATH).expect("the specification can be read"))
}

/// The checks of the chapter.
fn of_chapter() -> Vec<CheckInfo> {
    let all = checks::all().into_iter().map(|check| check.info().clone());
    all.filter(|info| info.exercise.starts_with("8.")).collect()
}

#[test]
fn each_criterion_has_one_check_and_each_check_one_criterion() {
    let checks = of_chapter();
    let names = checks.iter().map(|info| info.check.as_str());
    assert_eq!(differences(&read(), names), Vec::<String>::new());
}

#[test]
fn a_check_belongs_to_the_exercise_and_begins_with_the_id_of_its_criterion() {
    let specification = read();
    for info in of_chapter() {
        let mut all = specification.criteria.iter();
        let own = all.find(|criterion| criterion.check_name() == info.check);
        let criterion = own.expect("compared by the other test");
        let exercise = criterion.exercise.as_ref().map(|field| field.text.as_str());
        assert_eq!(exercise, Some(info.exercise.as_str()), "{}", info.check);
        let id = criterion.id.to_lowercase();
        assert!(info.check.starts_with(&format!("{id}-")), "{}", info.check);
    }
}

#[test]
fn a_check_names_the_criterion_as_its_source() {
    for check in checks::all() {
        let info = check.info();
        if !info.exercise.starts_with("8.") {
            continue;
        }
        let (_, source) = check.reason();
        let id = info.check[..5].to_uppercase();
        assert!(source.ends_with(&id), "{}: {source}", info.check);
    }
}
